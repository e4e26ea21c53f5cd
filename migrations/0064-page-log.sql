-- Pages are a log too, in the order (xid, seq): the model is learned from what was shown and what was clicked of it. Pages from
-- before have neither, so that the table is not rewritten; they are read by their time.
create sequence page_seq;
alter table page add column xid xid8, add column seq bigint;
alter table page alter column xid set default pg_current_xact_id(), alter column seq set default nextval('page_seq');
alter sequence page_seq owned by page.seq;
create index page_log on page (xid, seq);
