/*
No visit is on a day that has not come yet.

name: visits_not_in_future
table: silver.alaqan_visits
severity: block
advice: >-
  Look at this computer's clock and at the clocks of the gates. Once they are right, load the days again:
  hubdwh load alaqan --from DAY --to DAY, then hubdwh transform.
*/
select visit_date, iin_display, event, event_time
from candidate
where visit_date > local_date(check_now())
