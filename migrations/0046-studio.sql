-- Pictures that stand in a revision or an autosave are in use. Each row has a key of its own for that.
alter table article_revision add column id bigint generated always as identity unique;
alter table autosave add column id bigint generated always as identity unique;
select declare_file_uses('article_revision', $$
  select id, html from rows where html like '%files/%'
  union all select id, address from rows, unnest(cover) address where address like '%files/%'$$);
select declare_file_uses('autosave', $$select id, content::text from rows where content::text like '%files/%'$$);
