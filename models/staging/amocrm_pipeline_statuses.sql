/*
Every status that any version of the pipelines in scope has named, a row a version and status.
A pipeline is rebuilt whole, since a status that is missing from its newest version is one that was removed.

scope: [pipeline_id]
rebuild:
  bronze.amocrm_pipelines: select id as pipeline_id from changes
*/
with versions as (
  select
    *,
    row_number() over (partition by id order by row_source <> 'list', loaded_at desc, observed_at desc) as version_rank,
    coalesce(first_value(is_deleted) over (partition by id order by observed_at desc, row_hash desc), false) as is_gone
  from bronze.amocrm_pipelines
  where id in (select pipeline_id from scope)
    and load_id in (select load_id from meta.loads)
),

current_pipelines as (
  select id, name, is_main, sort, is_gone from versions where version_rank = 1
),

statuses as (
  select id, version_rank, each_of(pipeline_statuses(statuses_json)) as status
  from versions
),

ranked as (
  select
    *,
    row_number() over (partition by id, status_id_of(status) order by version_rank) as status_rank
  from statuses
  where status_id_of(status) is not null
)

select
  ranked.id as pipeline_id,
  current_pipelines.name as pipeline_name,
  current_pipelines.is_main,
  current_pipelines.sort as pipeline_sort,
  status_id_of(ranked.status) as status_id,
  status_name_of(ranked.status) as status_name,
  status_sort_of(ranked.status) as status_sort,
  status_color_of(ranked.status) as status_color,
  current_pipelines.is_gone or ranked.version_rank > 1 as is_removed,
  ranked.status_rank = 1 as is_current
from ranked
join current_pipelines on current_pipelines.id = ranked.id
