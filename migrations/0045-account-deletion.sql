-- A reader who deletes their account has a week to change their mind. Then everything personal is deleted. The row stays, without
-- personal data, if an article or a comment that others answered was theirs (features/personal-data).
alter table reader
  add column deletion_due_at timestamptz,
  add column deleted_at      timestamptz;
create index reader_deletion_due on reader (deletion_due_at) where deletion_due_at is not null;
