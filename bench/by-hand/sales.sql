-- Leads and their funnel as one would write them for these files, with nothing asked of the data: the same rows as
-- silver.amocrm_leads and gold.amocrm_sales_funnel.
create table leads as
with newest as (
  select *
  from read_parquet(getvariable('bronze') || '/amocrm_leads.parquet')
  qualify row_number() over (partition by id order by updated_at desc, loaded_at desc) = 1
)
select
  newest.id as lead_id,
  newest.name as lead_name,
  newest.price,
  users.user_name as responsible_user_name,
  statuses.status_name,
  statuses.pipeline_name,
  newest.pipeline_id,
  newest.status_id,
  newest.status_id = 142 as is_won,
  newest.status_id = 143 as is_lost,
  to_timestamp(newest.created_at) as created_at,
  to_timestamp(newest.updated_at) as updated_at,
  to_timestamp(newest.closed_at) as closed_at,
  json_extract_string(
    list_filter(
      from_json(newest.custom_fields_values, '["JSON"]'),
      lambda field: json_extract_string(field, '$.field_name') = 'БИН'
    )[1],
    '$.values[0].value'
  ) as cf_bin,
  cast(json_extract(newest.contacts_json, '$[*].id') as int[]) as contact_ids,
  cast(json_extract(newest.companies_json, '$[*].id') as int[]) as company_ids,
  json_extract_string(newest.tags_json, '$[*].name') as tags,
  cast(year(timezone('Asia/Almaty', to_timestamp(newest.created_at))) as int) as year
from newest
left join read_parquet(getvariable('bronze') || '/users.parquet') as users
  on users.user_id = newest.responsible_user_id
left join read_parquet(getvariable('bronze') || '/statuses.parquet') as statuses
  on statuses.pipeline_id = newest.pipeline_id and statuses.status_id = newest.status_id;

create table sales_funnel as
with counted as (
  select
    year,
    cast(month(timezone('Asia/Almaty', created_at)) as int) as month,
    pipeline_id,
    status_id,
    cast(count(*) as int) as leads_count,
    cast(sum(price) as bigint) as total_price,
    cast(count(*) filter (where is_won) as int) as won_count,
    cast(count(*) filter (where is_lost) as int) as lost_count
  from leads
  group by all
),

months as (
  select distinct year, month, pipeline_id from counted
)

select
  months.year,
  months.month,
  statuses.pipeline_name,
  statuses.status_name,
  coalesce(counted.leads_count, 0) as leads_count,
  coalesce(counted.total_price, 0) as total_price,
  coalesce(counted.won_count, 0) as won_count,
  coalesce(counted.lost_count, 0) as lost_count
from months
join read_parquet(getvariable('bronze') || '/statuses.parquet') as statuses using (pipeline_id)
left join counted
  on counted.year = months.year
  and counted.month = months.month
  and counted.pipeline_id = months.pipeline_id
  and counted.status_id = statuses.status_id;
