/*
A row per month of creation, pipeline and current status; every status of a pipeline has a row in a month in which
the pipeline has leads. Won and lost are decided by the status id, 142 and 143, never by name or position.

scope: [year, month]
rebuild:
  silver.amocrm_leads: select year, local_month(created_at) as month from changes where year is not null
  silver.amocrm_pipeline_statuses: |
    select year, month from gold.amocrm_sales_funnel where pipeline_id in (select pipeline_id from changes)
*/
with leads as (
  select
    leads.lead_id,
    leads.year,
    scope.month,
    leads.pipeline_id,
    leads.status_id,
    case when leads.price > 0 then leads.price end as stated_price,
    leads.price,
    leads.is_won,
    leads.is_lost
  from silver.amocrm_leads as leads
  join scope on scope.year = leads.year and scope.month = local_month(leads.created_at)
  where not leads.is_deleted
    and leads.pipeline_id is not null
    and leads.status_id is not null
),

statuses as (
  select * from silver.amocrm_pipeline_statuses
),

pipelines as (
  select distinct pipeline_id, pipeline_name
  from statuses
),

by_status as (
  select
    year,
    month,
    pipeline_id,
    status_id,
    count(*) as leads_count,
    sum(price) as total_price,
    divide_half_up(sum(stated_price), count(stated_price)) as avg_price,
    count(case when is_won then lead_id end) as won_count,
    count(case when is_lost then lead_id end) as lost_count
  from leads
  group by year, month, pipeline_id, status_id
),

-- Every present status of a pipeline that has leads, and every status at which a lead stands.
stages as (
  select by_status.year, by_status.month, by_status.pipeline_id, statuses.status_id
  from by_status
  join statuses on statuses.pipeline_id = by_status.pipeline_id and not statuses.is_removed
  union
  select year, month, pipeline_id, status_id
  from by_status
),

counted as (
  select
    stages.year,
    stages.month,
    stages.pipeline_id,
    stages.status_id,
    statuses.status_name,
    statuses.status_sort,
    coalesce(by_status.leads_count, 0) as leads_count,
    coalesce(by_status.total_price, 0) as total_price,
    by_status.avg_price,
    coalesce(by_status.won_count, 0) as won_count,
    coalesce(by_status.lost_count, 0) as lost_count,
    case
      when stages.status_id = 143 then coalesce(by_status.leads_count, 0)
      -- Leads at this status or a later one; lost leads stand at none.
      when statuses.status_sort is not null then coalesce(
        sum(case when stages.status_id <> 143 then by_status.leads_count end) over (
          partition by stages.year, stages.month, stages.pipeline_id
          order by statuses.status_sort desc nulls last
          range between unbounded preceding and current row
        ),
        0
      )
    end as leads_arrived,
    sum(by_status.leads_count) over (partition by stages.year, stages.month, stages.pipeline_id) as leads_in_pipeline
  from stages
  left join by_status
    on by_status.year = stages.year
    and by_status.month = stages.month
    and by_status.pipeline_id = stages.pipeline_id
    and by_status.status_id = stages.status_id
  left join statuses
    on statuses.pipeline_id = stages.pipeline_id
    and statuses.status_id = stages.status_id
),

final as (
  select
    counted.year,
    counted.month,
    pipelines.pipeline_name,
    counted.status_name,
    counted.status_sort,
    cast(counted.leads_count as int) as leads_count,
    cast(counted.total_price as bigint) as total_price,
    cast(counted.avg_price as bigint) as avg_price,
    cast(counted.won_count as int) as won_count,
    cast(counted.lost_count as int) as lost_count,
    cast(
      hundredths(divide_half_up(10000 * counted.leads_arrived, counted.leads_in_pipeline)) as decimal(5, 2)
    ) as conversion_rate,
    counted.pipeline_id,
    counted.status_id
  from counted
  left join pipelines on pipelines.pipeline_id = counted.pipeline_id
)

select * from final
