/*
The hours of a day lie between 0 and 24 and run from the first entry to the last exit; without either there
are none.

name: daily_attendance_hours
table: gold.alaqan_daily_attendance
severity: block
advice: >-
  Hours in reports would be wrong. Rebuild it: hubdwh transform --full. If the check fails again, it is a
  defect of the model: report it with the failing rows.
*/
select visit_date, iin_display, first_entry, last_exit, hours_on_site
from candidate
where hours_on_site not between 0 and 24
  or (hours_on_site is not null) <> coalesce(last_exit > first_entry, false)
  or abs(hours_on_site * 3600 - seconds_between(first_entry, last_exit)) > 18
  or year <> year(visit_date)
  or first_entry_local <> local_timestamp(first_entry)
  or last_exit_local <> local_timestamp(last_exit)
