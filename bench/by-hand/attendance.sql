-- Attendance as one would write it for these files, with nothing asked of the data: the same rows as silver.alaqan_visits and
-- the two marts on it, where no ИИН is masked.
create table visits as
select
  visit_date,
  iin,
  event,
  cast(event_time as time) as event_time,
  timezone('Asia/Almaty', visit_date + cast(event_time as time)) as event_datetime,
  min(loaded_at) as loaded_at,
  repeat('*', 8) || right(iin, 4) as iin_display
from read_parquet(getvariable('bronze') || '/alaqan_visits.parquet')
where event in ('entry', 'exit')
  and regexp_full_match(iin, '[0-9]{12}')
  and regexp_full_match(event_time, '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]')
group by visit_date, iin, event, event_time;

create table daily_attendance as
select
  visit_date,
  iin,
  first_entry,
  last_exit,
  total_entries,
  total_exits,
  case
    when last_exit > first_entry
      then cast(round((epoch(last_exit) - epoch(first_entry)) / cast(3600 as decimal(18, 4)), 2) as decimal(5, 2))
  end as hours_on_site
from (
  select
    visit_date,
    iin,
    min(event_datetime) filter (where event = 'entry') as first_entry,
    max(event_datetime) filter (where event = 'exit') as last_exit,
    cast(count(*) filter (where event = 'entry') as int) as total_entries,
    cast(count(*) filter (where event = 'exit') as int) as total_exits
  from visits
  group by visit_date, iin
);

create table monthly_summary as
select
  cast(year(visit_date) as int) as year,
  cast(month(visit_date) as int) as month,
  iin,
  cast(count(*) as int) as total_days_visited,
  cast(coalesce(sum(hours_on_site), 0) as decimal(7, 2)) as total_hours,
  min(visit_date) as first_visit_date,
  max(visit_date) as last_visit_date
from daily_attendance
group by all;
