-- The right of a server that sends the behaviours of many viewers.
insert into permission (name, type, parent_id, code, sequence) values ('导入行为', 1, 24, 'behaviour-list-post', 10);
