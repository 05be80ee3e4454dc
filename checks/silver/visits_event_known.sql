/*
A visit is an entry or an exit.

name: visits_event_known
table: silver.alaqan_visits
severity: block
advice: >-
  Silver sets other events aside, so none should be here. Rebuild it: hubdwh transform --full. If the check
  fails again, it is a defect of the model: report it with the failing rows.
*/
select visit_date, iin_display, event, event_time
from candidate
where coalesce(event not in ('entry', 'exit'), true)
