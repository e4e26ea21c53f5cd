-- Who stored a policy first, as the operation log names them; null for those of before.
alter table ranking_policy add column made_by text;
