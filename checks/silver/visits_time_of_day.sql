/*
The time of a visit is one of its day: its wall clock, and the instant that belongs to it.

name: visits_time_of_day
table: silver.alaqan_visits
severity: block
advice: >-
  Times of day are checked before they come here, so this is the engine or a changed time zone. Compare
  timezone in the configuration with the zone of the gates, then rebuild: hubdwh transform --full.
*/
-- An hour that a zone skips moves the instant by that hour.
select visit_date, iin_display, event, event_time, event_datetime
from candidate
where not is_clock_time(cast(event_time as varchar))
  or event_datetime is null
  or abs(epoch(local_timestamp(event_datetime)) - epoch(visit_date) - epoch(cast(event_time as time))) > 3600
