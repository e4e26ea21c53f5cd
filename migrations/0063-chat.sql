-- Chat between two readers, and what they report of it (features/chat).

create table chat (
  id       bigint primary key,
  -- Its readers, the smaller id first. No references: a chat outlives the account of one of them.
  low_id   bigint not null,
  high_id  bigint not null,
  -- The number of the newest message. A sender holds the lock of this row, so numbers are in the order of commits.
  last_seq int not null default 0,
  unique (low_id, high_id),
  check (low_id < high_id)
);

-- What a chat is to one of its readers.
create table chat_side (
  reader_id     bigint not null references reader on delete cascade,
  peer_id       bigint not null,
  chat_id       bigint not null references chat on delete cascade,
  -- Receipts: the reader's client has everything up to here, and the reader has read up to here.
  delivered_seq int not null default 0,
  read_seq      int not null default 0,
  -- The reader has deleted everything up to here for themselves.
  cleared_seq   int not null default 0,
  -- The newest message, by which chats are listed. Null: the reader has deleted the chat, and nothing has come since.
  last_id       bigint,
  primary key (reader_id, peer_id)
);
create index chat_side_listed on chat_side (reader_id, last_id desc) where last_id is not null;
create index chat_side_of on chat_side (chat_id);
create index chat_side_cleared on chat_side (reader_id) where cleared_seq > 0;

create table chat_message (
  chat_id              bigint not null references chat on delete cascade,
  seq                  int not null,
  id                   bigint not null unique,
  sender_id            bigint not null references reader on delete cascade,
  -- The sender's name for it: a message that is sent again is stored once.
  client_id            text not null check (char_length(client_id) <= 64),
  content              text not null check (char_length(content) <= 2000),
  -- The article that the text links to.
  article_id           bigint references article on delete set null,
  at                   timestamptz not null default now(),
  -- By an editor, for both readers.
  removed              boolean not null default false,
  deleted_by_sender    boolean not null default false,
  deleted_by_recipient boolean not null default false,
  primary key (chat_id, seq),
  unique (chat_id, sender_id, client_id)
);
create index chat_message_by on chat_message (sender_id);
create index chat_message_about on chat_message (article_id) where article_id is not null;
create index chat_message_deleted on chat_message (chat_id) where deleted_by_sender or deleted_by_recipient;

create table chat_report (
  reader_id  bigint not null references reader on delete cascade,
  message_id bigint not null references chat_message (id) on delete cascade,
  -- The contract's numbers of what is wrong.
  type       smallint not null check (type between 0 and 8),
  remark     text check (char_length(remark) <= 200),
  at         timestamptz not null default now(),
  handled_at timestamptz,
  primary key (reader_id, message_id)
);
create index chat_report_waiting on chat_report (message_id) where handled_at is null;
create index chat_report_about on chat_report (message_id);

-- Processes with sockets follow the events: a message that came, or was removed, and a receipt.
select declare_events('chat_message', $$select 'message' kind, sender_id actor_id, chat_id target_id, id from rows where not removed$$);

create function note_receipt() returns trigger language plpgsql as $$
begin
  insert into event (kind, actor_id, target_id) values ('receipt', new.reader_id, new.chat_id);
  perform pg_notify('event', '');
  return null;
end $$;
create trigger receipt_updated after update of delivered_seq, read_seq on chat_side for each row
  when ((new.delivered_seq, new.read_seq) is distinct from (old.delivered_seq, old.read_seq)) execute function note_receipt();
