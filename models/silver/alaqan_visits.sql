/*
The valid events of the newest answers, each once, with the ИИН masked.

reads: staging.alaqan_visits
kept: |
  select
    staged.visit_date,
    masked_iin(staged.iin, hashes.hash) as iin,
    staged.event,
    clock_time(staged.event_time) as event_time,
    staged.load_id,
    staged.event_no
  from staged
  left join hashes on hashes.value = staged.iin
  where staged.is_valid
superseded: |
  (select count(*) from staged where not is_valid and rule is null)
  + (select count(*) from staged where is_valid)
  - (select count(*) from (select distinct visit_date, iin, event, event_time from staged where is_valid))
*/
with visits as (
  select visit_date, iin, event, event_time, min(loaded_at) as loaded_at
  from staged
  where is_valid
  group by visit_date, iin, event, event_time
),

final as (
  select
    visits.visit_date,
    masked_iin(visits.iin, hashes.hash) as iin,
    visits.event,
    clock_time(visits.event_time) as event_time,
    instant_of_local(at_clock_time(visits.visit_date, visits.event_time)) as event_datetime,
    visits.loaded_at,
    last_four_shown(visits.iin) as iin_display
  from visits
  left join hashes on hashes.value = visits.iin
)

select * from final
