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
where not is_clock_time(cast(event_time as string))
  or event_datetime is null
  or abs(clock_seconds_between(at_clock_time(visit_date, event_time), local_timestamp(event_datetime))) > 3600
