-- What readers send in to be verified as authors. The texts are encrypted like the pictures, which are private files.
create table identity (
  reader_id        bigint primary key references reader on delete cascade,
  real_name        bytea,
  id_number        bytea,
  id_card_front    bigint references stored_file on delete set null,
  id_card_back     bigint references stored_file on delete set null,
  id_card_handheld bigint references stored_file on delete set null,
  updated_at       timestamptz not null default now()
);
create index identity_front on identity (id_card_front);
create index identity_back on identity (id_card_back);
create index identity_handheld on identity (id_card_handheld);
select declare_file_uses('identity', $$
  select reader_id, 'files/' || stored_file.name from rows join stored_file on stored_file.id in (id_card_front, id_card_back, id_card_handheld)
$$);

-- Each time an identity picture was shown, and to whom.
create table identity_view (
  id               bigint generated always as identity primary key,
  reader_id        bigint not null references reader on delete cascade,
  picture          text not null,
  -- Null: the reader looked at their own.
  administrator_id bigint references administrator on delete set null,
  at               timestamptz not null default now()
);
create index identity_view_of_reader on identity_view (reader_id, at desc);
