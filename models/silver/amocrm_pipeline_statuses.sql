/*
Pipelines and their statuses, flat; removed ones under their last known names.

reads: staging.amocrm_pipeline_statuses
superseded: (select count(*) from staged where not is_current)
*/
select
  pipeline_id,
  empty_to_null(pipeline_name) as pipeline_name,
  coalesce(is_main, false) as is_main_pipeline,
  status_id,
  empty_to_null(status_name) as status_name,
  status_sort,
  status_color,
  is_removed,
  pipeline_sort
from staged
where is_current
