/*
A row per person and day with any event. Hours run from the first entry to the last exit: gates miss events, and
pairing every entry with an exit would lose most of a day when one is missing (decisions "Gold: attendance").

scope: [visit_date]
rebuild:
  silver.alaqan_visits: select visit_date from changes
*/
with visits as (
  select *
  from silver.alaqan_visits
  where visit_date in (select visit_date from scope)
),

days as (
  select
    visit_date,
    iin,
    min(case when event = 'entry' then event_datetime end) as first_entry,
    max(case when event = 'exit' then event_datetime end) as last_exit,
    cast(sum(case when event = 'entry' then 1 else 0 end) as int) as total_entries,
    cast(sum(case when event = 'exit' then 1 else 0 end) as int) as total_exits,
    min(iin_display) as iin_display
  from visits
  group by visit_date, iin
),

final as (
  select
    visit_date,
    iin,
    first_entry,
    last_exit,
    total_entries,
    total_exits,
    case
      when last_exit > first_entry
        then cast(hundredths(divide_half_up(seconds_between(first_entry, last_exit), 36)) as decimal(5, 2))
    end as hours_on_site,
    cast(year(visit_date) as int) as year,
    local_timestamp(first_entry) as first_entry_local,
    local_timestamp(last_exit) as last_exit_local,
    iin_display
  from days
)

select * from final
