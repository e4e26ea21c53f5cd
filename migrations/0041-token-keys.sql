-- The keys of tokens, by kid. A key is derived from TOKEN_KEY and the salt (engines/keys), so that neither alone signs a token.
create table token_key (
  id         bigint generated always as identity primary key,
  salt       bytea not null,
  created_at timestamptz not null default now(),
  -- When the next key replaced it. It verifies until its last token has expired.
  retired_at timestamptz
);
select declare_changes('token_key', 'token_key', 'id');
create trigger change_truncated before truncate on token_key for each statement execute function refuse_truncate();
