-- Searches are counted as visits are (features/statistics): each of them by hour, and who searched in which hour. Behaviours of
-- searches cannot tell: they are stored once a day, and only if something was found.
alter table request_hour add column searches bigint not null default 0;
alter table visit drop constraint visit_kind_check, add constraint visit_kind_check check (kind in ('address', 'viewer', 'searcher'));
alter table visitor_count drop constraint visitor_count_kind_check,
  add constraint visitor_count_kind_check check (kind in ('address', 'viewer', 'searcher'));

-- What was counted until now. `who` is random: it only tells the viewers of a day apart.
insert into request_hour (hour, requests, searches)
select date_trunc('hour', at, 'UTC'), 0, count(*) from behaviour where action = 'search' group by 1
on conflict (hour) do update set searches = excluded.searches;
insert into visit (day, kind, who, hours)
select day, 'searcher', substring(uuid_send(gen_random_uuid()) from 1 for 12), hours
  from (
    select (at at time zone 'UTC')::date as day, viewer, bit_or(1 << extract(hour from at at time zone 'UTC')::int) as hours
      from behaviour where action = 'search' and viewer is not null and at > now() - interval '400 days' group by 1, 2
  ) searched;
