-- An article is withdrawn in steps, by the reader's id: without it, each step read again what the steps before had withdrawn.
create index notice_told on notice (subject_id, reader_id) where kind = 'article' and not withdrawn;
drop index notice_about;
