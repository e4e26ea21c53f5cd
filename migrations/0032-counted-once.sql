-- A viewer's action on an article counts once a day, however often it is repeated. `once` is made from all four; exposures have
-- none, because a page shown again is shown again. Rows from before have none either.
alter table behaviour add column once uuid;
create unique index behaviour_once on behaviour (once) where once is not null;
