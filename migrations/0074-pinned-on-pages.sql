-- What was pinned above the page that begins a feed session: its other pages leave that out.
alter table page add column pinned_ids bigint[];
