-- The public half of the visibility rule, and the moment at which a dated article appears.

-- Whether the change log and the counts know that the article's time has come. A trigger sets it; for an article with a date to
-- come, a task sets it within a second after that date (src/features/articles/appearances.ts). So everything that is derived
-- from articles (counts, caches, the recommender, the search index) hears of an article that appears as of any other change.
alter table article add column appeared boolean not null default true;

create function note_whether_appeared() returns trigger language plpgsql as $$
begin
  new.appeared := new.published_at <= now();
  return new;
end $$;
create trigger appear before insert or update of published_at, status on article for each row execute function note_whether_appeared();
create index article_to_appear on article (published_at) where status = 2 and not appeared;

-- Replaces what a table contributes to counts. Rows that no longer contribute have to be taken out of the counts by an UPDATE.
create function redeclare_counts(table_name text, contributions text) returns void language plpgsql as $$
declare
  event text;
begin
  foreach event in array array['inserted', 'deleted', 'updated'] loop
    execute format('drop function %I() cascade', 'count_' || event || '_' || table_name); -- and its trigger
  end loop;
  execute format('drop trigger count_truncated on %I', table_name);
  delete from counted where counted.table_name = redeclare_counts.table_name;
  perform declare_counts(table_name, contributions);
end $$;

-- An article counts for its author once it has appeared.
select redeclare_counts('article', $$
  select 'reader.articles' kind, author_id key, 1 d from rows where status = 2 and appeared
$$);
-- Takes the articles with a date to come out of the counts, where they were until now. `appeared` is true by default.
update article set appeared = false where published_at > now();

-- The articles that readers may see: published (status 2), not dated in the future, of an author who is not frozen. Queries read
-- this view instead of the table, so that the rule has one place.
create or replace view published_article as
  select * from article
   where status = 2 and published_at <= now() and not exists (select from reader where reader.id = author_id and frozen);
create index reader_frozen on reader (id) where frozen;

-- Freezing an author hides their articles, and unfreezing shows them again: both are a change of each article.
create function note_articles_of_frozen() returns trigger language plpgsql as $$
begin
  insert into change (topic, key) select 'article', id from article where author_id = new.id and status = 2;
  if found then
    perform pg_notify('change', 'article');
  end if;
  return null;
end $$;
create trigger note_articles_of_frozen after update of frozen on reader for each row when (old.frozen <> new.frozen)
  execute function note_articles_of_frozen();
