-- When a notice is withdrawn or comes back, it moves to the end of the log: open pages then learn their new unread count.

-- It was withdrawn once. It is counted again, and pushed no more.
alter table notice add column came_back boolean not null default false;

drop trigger notice_inserted on notice;
create trigger notice_logged after insert or update of withdrawn on notice for each statement execute function note_notices();

-- Since when each message to the browser has failed. A push service that is away for a day ends no subscription.
alter table web_push_subscription add column failing_since timestamptz;
