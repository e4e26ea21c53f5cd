-- What a reader sees of their sessions, and the rotation of refresh tokens (features/accounts/refresh-rules.ts).
alter table session
  -- The client at the sign-in: what it calls itself, and its address as limits count it.
  add column agent        text not null default '' check (char_length(agent) <= 200),
  add column address      text not null default '' check (char_length(address) <= 100),
  add column last_used_at timestamptz,
  -- Why a session ended before it expired: 'ended' by the reader, 'replayed' refresh token.
  add column end_reason   text,
  -- Each rotation adds one. A refresh token holds the generation it belongs to.
  add column generation   int not null default 0,
  add column rotated_at   timestamptz,
  -- Whether the newest refresh token has been used, so that its client is known to have it.
  add column is_confirmed boolean not null default false,
  -- Repeated rotations after a lost response: the generation last repeated, how many, and since when they are counted.
  add column retried_generation int,
  add column retries       int not null default 0,
  add column retries_since timestamptz;

-- Only the end of a session is logged: processes drop what they remember of it.
create function note_ended_session() returns trigger language plpgsql as $$
begin
  insert into change (topic, key)
    select 'session', new_rows.id from new_rows join old_rows using (id) where new_rows.revoked_at is distinct from old_rows.revoked_at;
  if found then perform pg_notify('change', 'session'); end if;
  return null;
end $$;
create trigger note_ended after update on session
  referencing new table as new_rows old table as old_rows for each statement execute function note_ended_session();
