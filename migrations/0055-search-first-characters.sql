-- The most frequent words that begin with a character, for searches of one character.
create index search_term_first on search_term (left(term, 1), docs desc);
