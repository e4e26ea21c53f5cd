-- Ranges of messages that a reader does not have any more, for the job that deletes those which neither reader has: it looks at
-- each message once for each reader who gave it up, instead of at all that one of them has deleted, each time.
create table chat_forgotten (
  id        bigint generated always as identity primary key,
  -- No reference: a row for a chat that is gone is taken out like any other.
  chat_id   bigint not null,
  after_seq int not null,
  up_to_seq int not null
);

-- A reader deleted a message.
create function forget_message() returns trigger language plpgsql as $$
begin
  insert into chat_forgotten (chat_id, after_seq, up_to_seq) values (new.chat_id, new.seq - 1, new.seq);
  return null;
end $$;
create trigger message_forgotten after update of deleted_by_sender, deleted_by_recipient on chat_message for each row
  when ((new.deleted_by_sender, new.deleted_by_recipient) is distinct from (old.deleted_by_sender, old.deleted_by_recipient))
  execute function forget_message();

-- A reader deleted all so far, or with their account what a chat was to them.
create function forget_chat() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into chat_forgotten (chat_id, after_seq, up_to_seq) values (new.chat_id, old.cleared_seq, new.cleared_seq);
  else
    insert into chat_forgotten (chat_id, after_seq, up_to_seq) select id, 0, last_seq from chat where id = old.chat_id;
  end if;
  return null;
end $$;
create trigger chat_cleared after update of cleared_seq on chat_side for each row
  when (new.cleared_seq > old.cleared_seq) execute function forget_chat();
create trigger side_deleted after delete on chat_side for each row execute function forget_chat();

-- A message is kept while a report waits.
create function forget_reported_message() returns trigger language plpgsql as $$
begin
  insert into chat_forgotten (chat_id, after_seq, up_to_seq) select chat_id, seq - 1, seq from chat_message where id = old.message_id;
  return null;
end $$;
create trigger report_handled after update of handled_at or delete on chat_report for each row execute function forget_reported_message();

insert into chat_forgotten (chat_id, after_seq, up_to_seq)
  select chat_id, 0, cleared_seq from chat_side where cleared_seq > 0
  union all
  select chat_id, seq - 1, seq from chat_message where deleted_by_sender or deleted_by_recipient;
drop index chat_message_deleted;
drop index chat_side_cleared;
