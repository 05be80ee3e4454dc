/*
Every Bronze row of the days in scope: in force or superseded by a newer answer, valid or with the rule it breaks.
A byDate answer is the whole truth about its day; byIin answers after it add to it (decisions "Silver: Alaqan").

scope: [visit_date]
rebuild:
  meta.alaqan_answers: |
    select visit_date from changes where verdict = 'accepted'
    union
    -- A day that is said again as it was replaces what byIin has added to it since it was said last.
    select changes.visit_date
    from changes
    join meta.alaqan_answers as added
      on added.visit_date = changes.visit_date
      and added.endpoint = 'byIin'
      and added.answered_at < changes.answered_at
    where changes.endpoint = 'byDate'
      and changes.verdict = 'unchanged'
      and not exists (
        select 1
        from meta.alaqan_answers as since
        where since.visit_date = changes.visit_date
          and since.endpoint = 'byDate'
          and since.verdict <> 'held'
          and since.answered_at > added.answered_at
          and since.answered_at < changes.answered_at
      )
hash: {iin: iin}
received: |
  select visit_date, load_id, event_no from bronze.alaqan_visits
  where visit_date in (select visit_date from scope)
*/
with answers as (
  select visit_date, endpoint, answered_at, rows_load_id
  from meta.alaqan_answers
  where verdict <> 'held'
    and visit_date in (select visit_date from scope)
    and load_id in (select load_id from meta.loads)
),

newest_of_day as (
  select visit_date, max(answered_at) as answered_at, max_by(rows_load_id, answered_at) as rows_load_id
  from answers
  where endpoint = 'byDate'
  group by visit_date
),

in_force as (
  select visit_date, 'byDate' as endpoint, rows_load_id as load_id
  from newest_of_day
  union
  select answers.visit_date, 'byIin' as endpoint, answers.rows_load_id as load_id
  from answers
  left join newest_of_day on newest_of_day.visit_date = answers.visit_date
  where answers.endpoint = 'byIin'
    and (newest_of_day.answered_at is null or answers.answered_at > newest_of_day.answered_at)
),

received as (
  select
    visits.visit_date,
    visits.iin,
    lowered(trimmed(visits.event)) as event,
    visits.event_time,
    visits.loaded_at,
    visits.load_id,
    visits.endpoint,
    visits.event_no,
    visits.event as event_as_received,
    in_force.load_id is not null as is_in_force
  from bronze.alaqan_visits as visits
  left join in_force
    on in_force.visit_date = visits.visit_date
    and in_force.endpoint = visits.endpoint
    and in_force.load_id = visits.load_id
  where visits.visit_date in (select visit_date from scope)
),

judged as (
  select
    *,
    case
      when not is_in_force then null
      when coalesce(is_iin(iin), false) = false then 'iin_format'
      when coalesce(event in ('entry', 'exit'), false) = false then 'event_unknown'
      when coalesce(is_clock_time(event_time), false) = false then 'time_invalid'
    end as rule
  from received
)

select
  visit_date,
  iin,
  event,
  event_time,
  loaded_at,
  load_id,
  event_no,
  rule,
  case rule
    when 'iin_format' then 'ИИН of ' || coalesce(length(iin), 0) || ' characters instead of 12 digits'
    when 'event_unknown' then 'neither entry nor exit'
    when 'time_invalid' then 'not a time HH:MM:SS'
  end as detail,
  case
    when rule is not null then masked_visit_record(visit_date, iin, event_as_received, event_time)
  end as record,
  case when rule is not null then endpoint || ' ' || visit_date || ' event ' || event_no end as origin,
  is_in_force and rule is null as is_valid
from judged
