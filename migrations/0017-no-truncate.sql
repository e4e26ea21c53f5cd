-- TRUNCATE shows no rows to a trigger, so what is kept of them elsewhere would stay: what is pinned for ever. The other tables
-- whose changes are noted are counted as well, or referred to by one that is, and refuse it already.
create or replace function refuse_truncate() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are counted, or kept elsewhere: use DELETE instead of TRUNCATE', tg_table_name;
end $$;

create trigger change_truncated before truncate on article_content for each statement execute function refuse_truncate();
create trigger change_truncated before truncate on top_article for each statement execute function refuse_truncate();
create trigger change_truncated before truncate on blocking for each statement execute function refuse_truncate();
