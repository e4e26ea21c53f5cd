-- As before, but read from the ends of the indexes: of a viewer with a thousand pages it read all of them, twice for each new one.
create or replace function next_page_numbers(the_viewer text, the_channel int, continued bigint, the_asked bigint, now_ms bigint, retry interval)
returns table (stamp bigint, older bigint) language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  own  bigint;
  next bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended(the_viewer, the_channel));
  if continued is null and exists (
      select from page where viewer = the_viewer and channel_id = the_channel and asked = the_asked and made_at > clock_timestamp() - retry)
    or continued is not null and exists (select from page where viewer = the_viewer and channel_id = the_channel and page.stamp = continued)
  then
    return;
  end if;
  own := coalesce(continued, greatest(now_ms, (select max(page.stamp) + 1 from page where viewer = the_viewer and channel_id = the_channel)));
  next := least(own, (select min(page.stamp) from page where viewer = the_viewer and channel_id = the_channel),
                     (select min(page.older) from page where viewer = the_viewer and channel_id = the_channel)) - 1;
  while next = the_asked or exists (select from page where viewer = the_viewer and channel_id = the_channel and asked = next) loop
    next := next - 1;
  end loop;
  return query select own, next;
end $$;
