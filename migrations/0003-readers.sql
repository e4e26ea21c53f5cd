create table reader (
  id            bigint primary key,
  mobile        text unique,
  name          text not null unique check (char_length(name) between 1 and 32),
  photo         text,
  intro         text not null default '' check (char_length(intro) <= 60),
  certificate   text not null default '',
  email         text,
  gender        smallint check (gender in (0, 1)),
  birthday      date,
  is_media      boolean not null default false,
  is_verified   boolean not null default false,
  frozen        boolean not null default false,
  -- Who brought this reader in: 'sign-in', 'import' or 'demo'.
  origin        text not null default 'sign-in',
  created_at    timestamptz not null default now(),
  last_login_at timestamptz
);
create index reader_of_origin on reader (origin) where origin <> 'sign-in';
select declare_changes('reader', 'reader', 'id');

create table session (
  id         bigint primary key,
  reader_id  bigint not null references reader on delete cascade,
  -- 'app' for readers, 'studio' for verified creators.
  surface    text not null check (surface in ('app', 'studio')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_of_reader on session (reader_id);
create index session_expiring on session (expires_at);

-- One live code per mobile number and purpose. Codes are kept as keyed hashes: the table alone signs nobody in.
create table sms_code (
  mobile     text not null,
  purpose    text not null,
  code_hash  bytea not null,
  sent_at    timestamptz not null default now(),
  expires_at timestamptz not null,
  tries_left smallint not null,
  primary key (mobile, purpose)
);
