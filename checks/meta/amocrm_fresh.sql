/*
The last reading of leads, contacts, companies, tasks and events is not older than quality.max_age_hours.

name: amocrm_fresh
table: meta.loads
severity: warn
source: amocrm
advice: >-
  See why the last runs brought nothing: hubdwh status and hubdwh check. Then hubdwh run.
*/
with newest as (
  select entity, max(watermark) as watermark
  from meta.loads
  where source = 'amocrm'
    and entity in ('leads', 'contacts', 'companies', 'tasks', 'events')
  group by entity
)

select entity, instant(watermark) as known_until, cast(floor(seconds_between(instant(watermark), check_now()) / 3600) as bigint) as age_hours
from newest
where seconds_between(instant(watermark), check_now()) > 3600 * setting_max_age_hours()
