/*
The ИИН of a visit is masked as privacy.iin says.

name: visits_masked
table: silver.alaqan_visits
severity: block
advice: >-
  Personal data would have reached silver. Rebuild it: hubdwh transform --full. If the check fails again, it
  is a defect of the model: report it with the failing rows.
*/
select visit_date, event, event_time, length(iin) as iin_length
from candidate
where coalesce(
  case setting_privacy_iin() when 'hash' then length(iin) <> 64 else not is_iin(iin) end,
  true
)
