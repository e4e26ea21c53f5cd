-- Entries of search have new tags, by which filters are answered. The index is built anew beside the one that answers, which
-- finds nothing with a filter until then. The offset is forgotten, not deleted: the lease on it stays.
update log_consumer set lineage = null where log = 'change' and name = 'search postgres';
update search_index set xid = null, lineage = null, copied_id = null where engine = 'postgres';
