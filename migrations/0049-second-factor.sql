-- The second factor of an administrator: what an authenticator app shows (features/admins/second-factor.ts).
create table second_factor (
  administrator_id bigint primary key references administrator on delete cascade,
  -- The secret that the app shares, encrypted under IDENTITY_KEY.
  secret           bytea not null,
  -- Null until the administrator has proved that their app shows the right codes.
  confirmed_at     timestamptz,
  -- The 30-second step of the last code that was accepted: an older code or the same one again is refused.
  last_step        bigint not null default 0
);

-- One-time codes for an administrator whose phone is lost. A row is deleted when its code is used.
create table recovery_code (
  administrator_id bigint not null references second_factor on delete cascade,
  code_hash        bytea not null,
  primary key (administrator_id, code_hash)
);
