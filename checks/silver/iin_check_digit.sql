/*
The check digit of a person's ИИН is right.

name: iin_check_digit
table: silver.alaqan_visits
severity: warn
advice: >-
  The card was registered with a mistyped ИИН: have it corrected in Alaqan. The visits are kept; hubdwh sql
  "select * from silver.alaqan_visits where iin_display = '********1234'" shows them.
*/
-- A person is told when first seen, and not every day.
-- Silver may hold hashes: the digits stand in bronze. Only the last four of them are shown.
with days as (
  select distinct visit_date from candidate
),

people as (
  select distinct iin
  from bronze.alaqan_visits
  where visit_date in (select visit_date from days)
),

wrong as (
  select iin
  from people
  where is_iin(iin)
    and not has_check_digit(iin)
),

first_seen as (
  select iin, min(visit_date) as first_visit_date
  from bronze.alaqan_visits
  where iin in (select iin from wrong)
  group by iin
)

select last_four_shown(iin) as iin_display, first_visit_date
from first_seen
where first_visit_date in (select visit_date from days)
