/*
Leads do not leave a stage before they enter it.

name: stage_days_not_negative
table: gold.amocrm_stage_conversion
severity: warn
advice: >-
  Leads have changes of status from before their creation: look in amoCRM for wrong dates of creation, as an
  import may bring. The median of days is too short until they are right.
*/
select year, month, pipeline_id, status_id, median_days_in_stage
from candidate
where median_days_in_stage < 0
