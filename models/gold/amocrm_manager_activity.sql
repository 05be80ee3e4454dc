/*
A row per month and responsible user: leads by their month of creation, outcomes and revenue by the month of closing,
tasks by the month of their last task_completed event or, where none is known, of their last change.

scope: [year, month]
rebuild:
  silver.amocrm_leads: |
    select year, local_month(created_at) as month from changes where year is not null
    union
    select local_year(closed_at) as year, local_month(closed_at) as month from changes where closed_at is not null
  silver.amocrm_tasks: |
    select
      local_year(coalesce(completions.completed_at, changes.updated_at)) as year,
      local_month(coalesce(completions.completed_at, changes.updated_at)) as month
    from changes
    left join silver.amocrm_task_completions as completions on completions.task_id = changes.task_id
    where changes.is_completed and coalesce(completions.completed_at, changes.updated_at) is not null
  silver.amocrm_task_completions: |
    select local_year(completed_at) as year, local_month(completed_at) as month from changes
    union
    select local_year(updated_at) as year, local_month(updated_at) as month
    from silver.amocrm_tasks
    where task_id in (select task_id from changes) and updated_at is not null
  silver.amocrm_users: |
    select year, month from gold.amocrm_manager_activity
    where responsible_user_id in (select user_id from changes)
*/
with leads as (
  select
    *,
    coalesce(responsible_user_id, 0) as manager_id,
    local_month(created_at) as created_month,
    local_year(closed_at) as closed_year,
    local_month(closed_at) as closed_month
  from silver.amocrm_leads
  where not is_deleted
),

created as (
  select scope.year, scope.month, leads.manager_id, count(*) as leads_created
  from leads
  join scope on scope.year = leads.year and scope.month = leads.created_month
  group by scope.year, scope.month, leads.manager_id
),

closed as (
  select
    scope.year,
    scope.month,
    leads.manager_id,
    count(case when leads.is_won then leads.lead_id end) as leads_closed_won,
    count(case when leads.is_lost then leads.lead_id end) as leads_closed_lost,
    sum(case when leads.is_won then leads.price end) as total_revenue,
    sum(case when leads.is_won then seconds_between(leads.created_at, leads.closed_at) end) as cycle_seconds,
    count(case when leads.is_won then leads.created_at end) as cycles
  from leads
  join scope on scope.year = leads.closed_year and scope.month = leads.closed_month
  where leads.is_won or leads.is_lost
  group by scope.year, scope.month, leads.manager_id
),

tasks as (
  select
    coalesce(tasks.responsible_user_id, 0) as manager_id,
    coalesce(completions.completed_at, tasks.updated_at) as completed_at
  from silver.amocrm_tasks as tasks
  left join silver.amocrm_task_completions as completions on completions.task_id = tasks.task_id
  where tasks.is_completed
    and not tasks.is_deleted
),

completed as (
  select scope.year, scope.month, tasks.manager_id, count(*) as tasks_completed
  from tasks
  join scope on scope.year = local_year(tasks.completed_at) and scope.month = local_month(tasks.completed_at)
  group by scope.year, scope.month, tasks.manager_id
),

managers as (
  select year, month, manager_id from created
  union
  select year, month, manager_id from closed
  union
  select year, month, manager_id from completed
),

users as (
  select user_id, user_name from silver.amocrm_users
),

final as (
  select
    managers.year,
    managers.month,
    coalesce(users.user_name, '#' || managers.manager_id) as responsible_user_name,
    cast(coalesce(created.leads_created, 0) as int) as leads_created,
    cast(coalesce(closed.leads_closed_won, 0) as int) as leads_closed_won,
    cast(coalesce(closed.leads_closed_lost, 0) as int) as leads_closed_lost,
    cast(coalesce(closed.total_revenue, 0) as bigint) as total_revenue,
    cast(coalesce(completed.tasks_completed, 0) as int) as tasks_completed,
    cast(divide_half_up(closed.cycle_seconds, closed.cycles * 86400) as int) as avg_deal_cycle_days,
    managers.manager_id as responsible_user_id
  from managers
  left join created
    on created.year = managers.year and created.month = managers.month and created.manager_id = managers.manager_id
  left join closed
    on closed.year = managers.year and closed.month = managers.month and closed.manager_id = managers.manager_id
  left join completed
    on completed.year = managers.year
    and completed.month = managers.month
    and completed.manager_id = managers.manager_id
  left join users on users.user_id = managers.manager_id
)

select * from final
