/*
No visit is in the future.

name: visits_not_in_future
table: silver.alaqan_visits
severity: block
advice: >-
  Look at this computer's clock and at the clocks of the gates. Once they are right, load the days again:
  hubdwh load alaqan --from DAY --to DAY, then hubdwh transform.
*/
-- A quarter of an hour for clocks that differ.
select visit_date, iin_display, event, event_time, event_datetime
from candidate
where event_datetime > check_now() + interval 15 minutes
