-- Those who run the place. They are no readers, and sign in with an account and a password.
create table administrator (
  id            bigint primary key,
  account       text not null unique check (account ~ '^[A-Za-z]\w{3,15}$'),
  -- How it was made and with which parameters stand in front of the hash (features/admins/passwords.ts).
  password_hash text not null,
  name          text not null check (char_length(name) between 1 and 50),
  email         text,
  mobile        text,
  group_id      int not null default 1,
  frozen        boolean not null default false,
  access_count  int not null default 0,
  -- Wrong passwords since `tried_since`: a right one forgets them.
  tries         int not null default 0,
  tried_since   timestamptz not null default now(),
  created_at    timestamptz not null default now(),
  last_login_at timestamptz
);

create table administrator_session (
  id               bigint primary key,
  administrator_id bigint not null references administrator on delete cascade,
  created_at       timestamptz not null default now(),
  expires_at       timestamptz not null,
  revoked_at       timestamptz
);
create index administrator_session_of on administrator_session (administrator_id);
create index administrator_session_expiring on administrator_session (expires_at);
