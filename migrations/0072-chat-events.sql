-- What a reader deletes for themselves is told to their other open pages.
create function note_forgotten(reader bigint, chat bigint) returns void language plpgsql as $$
begin
  insert into event (kind, actor_id, target_id) values ('forgotten', reader, chat);
  perform pg_notify('event', '');
end $$;

create or replace function forget_message() returns trigger language plpgsql as $$
begin
  insert into chat_forgotten (chat_id, after_seq, up_to_seq) values (new.chat_id, new.seq - 1, new.seq);
  perform note_forgotten(case
      when new.deleted_by_sender is distinct from old.deleted_by_sender then new.sender_id
      when chat.low_id = new.sender_id then chat.high_id
      else chat.low_id
    end, chat.id) from chat where chat.id = new.chat_id;
  return null;
end $$;

create or replace function forget_chat() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into chat_forgotten (chat_id, after_seq, up_to_seq) values (new.chat_id, old.cleared_seq, new.cleared_seq);
    perform note_forgotten(new.reader_id, new.chat_id);
  else
    insert into chat_forgotten (chat_id, after_seq, up_to_seq) select id, 0, last_seq from chat where id = old.chat_id;
  end if;
  return null;
end $$;

-- Whoever has read everything has also read what they write themselves. Of that the event of the message tells.
drop trigger receipt_updated on chat_side;
create trigger receipt_updated after update of delivered_seq, read_seq on chat_side for each row
  when ((new.delivered_seq, new.read_seq) is distinct from (old.delivered_seq, old.read_seq) and new.last_id is not distinct from old.last_id)
  execute function note_receipt();
