-- Who looked at an identity, told apart for good: a deleted administrator left a null, which also meant the reader.
alter table identity_view
  -- Null: from before this was stored; the reader, the command line, or an administrator who has been deleted.
  add column viewer_kind text check (viewer_kind in ('reader', 'administrator', 'command line')),
  add column administrator_name text;
comment on column identity_view.administrator_id is 'Null once the administrator is deleted; the name stays.';
update identity_view set viewer_kind = 'administrator', administrator_name = administrator.name
  from administrator where administrator.id = administrator_id;
