-- What a viewer of an experiment did on the pages of the days before it began: arms that differed then cannot be compared.
alter table experiment_viewer add column before_pages int, add column before_clicks int;
create index experiment_viewer_unknown on experiment_viewer (experiment_id) where before_pages is null and pages > 0;
