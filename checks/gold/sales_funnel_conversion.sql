/*
A conversion is a share from 0 to 100 %, and does not grow from a status to a later one.

name: sales_funnel_conversion
table: gold.amocrm_sales_funnel
severity: block
advice: >-
  Conversions in reports would be wrong. Rebuild it: hubdwh transform --full. If the check fails again, it is
  a defect of the model: report it with the failing rows.
*/
with statuses as (
  select
    *,
    lag(conversion_rate) over (partition by year, month, pipeline_id order by status_sort, status_id) as rate_before
  from candidate
  where status_id <> 143
    and status_sort is not null
)

select year, month, pipeline_id, status_id, conversion_rate, null as rate_before
from candidate
where conversion_rate not between 0 and 100
union all
select year, month, pipeline_id, status_id, conversion_rate, rate_before
from statuses
where conversion_rate > rate_before
