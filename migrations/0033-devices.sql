-- Since when a device has been doing something here, by our clock. Device ids are free: in the ranking, a device counts for
-- itself only when it has been here for a while. Devices from before this table are new once.
create table device (
  viewer   text primary key,
  first_at timestamptz not null default now()
);
create index device_old on device (first_at);

-- `d…` as in src/base/viewer-key.ts. In one order, because two batches may hold the same devices.
create function note_devices() returns trigger language plpgsql as $$
begin
  insert into device (viewer) select distinct viewer from rows where viewer like 'd%' order by viewer on conflict do nothing;
  return null;
end $$;
create trigger note_devices after insert on behaviour referencing new table as rows for each statement execute function note_devices();
