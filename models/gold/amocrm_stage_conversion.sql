/*
What became of the leads that entered a stage in a month, from the log of events. A lead enters its first stage when
it is created, where the log reaches back that far (amocrm.events.from). Each lead counts once a month and stage, by
its first entry. leads_moved_on left the stage for anything but the lost status; leads_won and leads_lost stand there now.

scope: [year, month]
rebuild:
  silver.amocrm_lead_status_changes: |
    select local_year(moves.changed_at) as year, local_month(moves.changed_at) as month
    from silver.amocrm_lead_status_changes as moves
    where moves.lead_id in (select lead_id from changes)
    union
    select local_year(changed_at) as year, local_month(changed_at) as month from changes
    union
    select year, local_month(created_at) as month
    from silver.amocrm_leads
    where lead_id in (select lead_id from changes) and year is not null
  silver.amocrm_leads: |
    select local_year(moves.changed_at) as year, local_month(moves.changed_at) as month
    from silver.amocrm_lead_status_changes as moves
    where moves.lead_id in (select lead_id from changes)
    union
    select year, local_month(created_at) as month from changes where year is not null
  silver.amocrm_pipeline_statuses: |
    select year, month from gold.amocrm_stage_conversion where pipeline_id in (select pipeline_id from changes)
*/
with leads as (
  select lead_id, pipeline_id, status_id, created_at, is_won, is_lost
  from silver.amocrm_leads
  where not is_deleted
    and created_at is not null
),

moves as (
  select
    *,
    row_number() over (partition by lead_id order by changed_at, event_id) as move_no
  from silver.amocrm_lead_status_changes
),

entries as (
  select lead_id, to_pipeline_id as pipeline_id, to_status_id as status_id, changed_at as entered_at, move_no
  from moves
  union all
  -- The first stage: what the first change came from, or where a lead that never moved has stood since.
  select
    leads.lead_id,
    coalesce(moves.from_pipeline_id, leads.pipeline_id) as pipeline_id,
    case when moves.lead_id is null then leads.status_id else moves.from_status_id end as status_id,
    leads.created_at as entered_at,
    0 as move_no
  from leads
  left join moves on moves.lead_id = leads.lead_id and moves.move_no = 1
  where local_date(leads.created_at) >= setting_events_from()
),

stays as (
  select
    entries.*,
    local_year(entered_at) as year,
    local_month(entered_at) as month,
    lead(entered_at) over (partition by lead_id order by move_no) as left_at,
    lead(status_id) over (partition by lead_id order by move_no) as next_status_id
  from entries
),

first_stays as (
  select *
  from (
    select
      stays.*,
      row_number() over (
        partition by stays.lead_id, stays.year, stays.month, stays.pipeline_id, stays.status_id
        order by stays.move_no
      ) as stay_no
    from stays
    join scope on scope.year = stays.year and scope.month = stays.month
    where stays.pipeline_id is not null
      and stays.status_id is not null
  ) as numbered
  where stay_no = 1
),

statuses as (
  select * from silver.amocrm_pipeline_statuses
),

pipelines as (
  select distinct pipeline_id, pipeline_name
  from statuses
),

by_stage as (
  select
    stays.year,
    stays.month,
    stays.pipeline_id,
    stays.status_id,
    count(*) as leads_entered,
    count(case when stays.next_status_id <> 143 then stays.lead_id end) as leads_moved_on,
    count(case when leads.is_won then leads.lead_id end) as leads_won,
    count(case when leads.is_lost then leads.lead_id end) as leads_lost,
    median(seconds_between(stays.entered_at, stays.left_at)) as median_seconds_in_stage
  from first_stays as stays
  join leads on leads.lead_id = stays.lead_id
  group by stays.year, stays.month, stays.pipeline_id, stays.status_id
),

final as (
  select
    by_stage.year,
    by_stage.month,
    pipelines.pipeline_name,
    statuses.status_name,
    statuses.status_sort,
    cast(by_stage.leads_entered as int) as leads_entered,
    cast(by_stage.leads_moved_on as int) as leads_moved_on,
    cast(by_stage.leads_won as int) as leads_won,
    cast(by_stage.leads_lost as int) as leads_lost,
    -- A median lies on a second or halfway between two.
    cast(
      hundredths(divide_half_up(100 * cast(2 * by_stage.median_seconds_in_stage as bigint), 2 * 86400)) as decimal(9, 2)
    ) as median_days_in_stage,
    by_stage.pipeline_id,
    by_stage.status_id
  from by_stage
  left join statuses
    on statuses.pipeline_id = by_stage.pipeline_id and statuses.status_id = by_stage.status_id
  left join pipelines on pipelines.pipeline_id = by_stage.pipeline_id
)

select * from final
