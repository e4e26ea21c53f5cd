-- As 0017 says: what recommenders keep of these rows would stay.
create trigger change_truncated before truncate on ranking_policy_use for each statement execute function refuse_truncate();
create trigger change_truncated before truncate on experiment for each statement execute function refuse_truncate();
