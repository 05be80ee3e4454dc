/*
Days, entries, exits, first and last events of the daily mart are those of silver.alaqan_visits.

name: daily_attendance_of_visits
table: gold.alaqan_daily_attendance
severity: block
advice: >-
  The mart does not add up to the visits under it. Rebuild it: hubdwh transform --full. If the check fails
  again, it is a defect of the model: report it with the failing rows.
*/
with visits as (
  select
    visit_date,
    iin,
    count(*) filter (where event = 'entry') as entries,
    count(*) filter (where event = 'exit') as exits,
    min(event_datetime) filter (where event = 'entry') as first_entry,
    max(event_datetime) filter (where event = 'exit') as last_exit
  from silver.alaqan_visits
  where visit_date in (select visit_date from scope)
  group by visit_date, iin
)

select
  coalesce(visits.visit_date, days.visit_date) as visit_date,
  days.iin_display,
  visits.entries as silver_entries,
  days.total_entries as gold_entries,
  visits.exits as silver_exits,
  days.total_exits as gold_exits
from visits
full join candidate as days on days.visit_date = visits.visit_date and days.iin = visits.iin
where visits.entries is distinct from days.total_entries
  or visits.exits is distinct from days.total_exits
  or visits.first_entry is distinct from days.first_entry
  or visits.last_exit is distinct from days.last_exit
