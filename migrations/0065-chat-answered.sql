-- Which readers of a chat have ever written in it: kept here, because messages that both have deleted go.
alter table chat
  add column low_wrote  boolean not null default false,
  add column high_wrote boolean not null default false;

-- Where messages are gone already, either may have answered.
update chat set
  low_wrote  = exists (select from chat_message m where m.chat_id = chat.id and m.sender_id = low_id) or kept < last_seq,
  high_wrote = exists (select from chat_message m where m.chat_id = chat.id and m.sender_id = high_id) or kept < last_seq
  from (select c.id, count(m.seq) as kept from chat c left join chat_message m on m.chat_id = c.id group by c.id) of_chat
 where of_chat.id = chat.id;
