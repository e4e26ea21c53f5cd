-- Answers to requests with an Idempotency-Key (http/idempotency.ts); kept for a day. Without a status, the request is under way.
create table idempotent_request (
  key         bytea primary key,
  fingerprint bytea not null,
  started_at  timestamptz not null default now(),
  status      smallint,
  body        text
);
create index idempotent_request_started on idempotent_request (started_at);
