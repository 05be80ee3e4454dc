/*
Leads, revenue and tasks of the managers are those of silver.

name: manager_activity_of_leads
table: gold.amocrm_manager_activity
severity: block
advice: >-
  The mart does not add up to the leads and tasks under it. Rebuild it: hubdwh transform --full. If the check
  fails again, it is a defect of the model: report it with the failing rows.
*/
with done as (
  select local_date(created_at) as day, coalesce(responsible_user_id, 0) as manager_id, 'created' as what, 0 as amount
  from silver.amocrm_leads
  where is_deleted = false
  union all
  select
    local_date(closed_at) as day,
    coalesce(responsible_user_id, 0) as manager_id,
    case status_id when 142 then 'won' else 'lost' end as what,
    coalesce(price, 0) as amount
  from silver.amocrm_leads
  where is_deleted = false
    and status_id in (142, 143)
  union all
  select
    local_date(coalesce(completions.completed_at, tasks.updated_at)) as day,
    coalesce(tasks.responsible_user_id, 0) as manager_id,
    'task' as what,
    0 as amount
  from silver.amocrm_tasks as tasks
  left join silver.amocrm_task_completions as completions on completions.task_id = tasks.task_id
  where tasks.is_completed
    and tasks.is_deleted = false
),

rebuilt as (
  select year * 100 + month as year_month from scope
),

expected as (
  select
    year(day) * 100 + month(day) as year_month,
    manager_id,
    count(*) filter (where what = 'created') as created,
    count(*) filter (where what = 'won') as won,
    count(*) filter (where what = 'lost') as lost,
    coalesce(sum(amount) filter (where what = 'won'), 0) as revenue,
    count(*) filter (where what = 'task') as tasks
  from done
  where year(day) * 100 + month(day) in (select year_month from rebuilt)
  group by year(day) * 100 + month(day), manager_id
),

managers as (
  select *, year * 100 + month as year_month
  from candidate
)

select
  coalesce(expected.year_month, managers.year_month) as year_month,
  coalesce(expected.manager_id, managers.responsible_user_id) as responsible_user_id,
  expected.created as silver_created,
  managers.leads_created as gold_created,
  expected.won as silver_won,
  managers.leads_closed_won as gold_won,
  expected.lost as silver_lost,
  managers.leads_closed_lost as gold_lost,
  expected.revenue as silver_revenue,
  managers.total_revenue as gold_revenue,
  expected.tasks as silver_tasks,
  managers.tasks_completed as gold_tasks
from expected
full join managers
  on managers.year_month = expected.year_month and managers.responsible_user_id = expected.manager_id
where expected.created is distinct from managers.leads_created
  or expected.won is distinct from managers.leads_closed_won
  or expected.lost is distinct from managers.leads_closed_lost
  or expected.revenue is distinct from managers.total_revenue
  or expected.tasks is distinct from managers.tasks_completed
