-- The articles that readers may see: published (status 2), and not dated in the future. Queries for readers read this view
-- instead of the table, so that the rule has one place.
create view published_article as select * from article where status = 2 and published_at <= now();
