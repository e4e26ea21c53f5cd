-- When its author deleted a comment, and with it its replies: these, and no others, come back if they think better of it.
alter table comment add column withdrawn_at timestamptz;
