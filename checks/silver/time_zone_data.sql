/*
The engine knows that Kazakhstan moved from UTC+6 to UTC+5 on 2024-03-01.

name: time_zone_data
table: [silver.alaqan_visits, silver.amocrm_leads]
severity: block
advice: >-
  The time zone data of the engine are older than 2024a: every time since March 2024 would be an hour off.
  Install hubdwh again with its own engine (npm ci), then hubdwh transform --full.
*/
-- A zone outside Kazakhstan does not rest on it.
with moments as (
  select instant(1709229599) as moment, at_clock_time(cast('2024-02-29' as date), '23:59:59') as expected
  union all
  select instant(1709229600) as moment, at_clock_time(cast('2024-02-29' as date), '23:00:00') as expected
)

select setting_timezone() as zone, moment, expected, local_timestamp(moment) as found
from moments
where setting_timezone() in ('Asia/Almaty', 'Asia/Qostanay')
  and local_timestamp(moment) <> expected
