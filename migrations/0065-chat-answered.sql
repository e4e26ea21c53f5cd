-- Which readers of a chat have ever written in it: kept here, because messages that both have deleted go. In a chat that exists
-- already either may have answered. To find out would mean a look at all messages while the table is locked (40 s for two million).
alter table chat
  add column low_wrote  boolean not null default true,
  add column high_wrote boolean not null default true;
alter table chat
  alter column low_wrote  set default false,
  alter column high_wrote set default false;
