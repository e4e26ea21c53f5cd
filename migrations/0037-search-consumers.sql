-- The offsets of the search indexes move to log_consumer. An index that has followed the log so far is not built anew.
alter table search_index add column lineage text; -- of the database, for a copy under way
insert into log_consumer (log, name, xid, seq, lineage)
select 'change', 'search ' || engine, xid, seq, log_lineage() from search_index
 where live and xid is not null and incarnation = counter_epoch() and xid <= pg_current_xact_id();
