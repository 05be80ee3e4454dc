/*
The last day that is known of the gates is not older than quality.max_age_hours.

name: alaqan_fresh
table: meta.alaqan_answers
severity: warn
source: alaqan
advice: >-
  See why the last runs brought nothing: hubdwh status and hubdwh check. Then hubdwh run.
*/
-- A day is known once it was asked about after it was over; its age counts from its end.
with newest as (
  select max(visit_date) as last_day
  from meta.alaqan_answers
  where verdict <> 'held'
    and answered_at >= instant_of_local(cast(visit_date as timestamp) + interval 1 day)
)

select last_day, seconds_between(instant_of_local(cast(last_day as timestamp) + interval 1 day), check_now()) // 3600 as age_hours
from newest
where seconds_between(instant_of_local(cast(last_day as timestamp) + interval 1 day), check_now())
  > 3600 * setting_max_age_hours()
