/*
Of the leads that entered a stage no more have moved on, were won or lost than entered.

name: stage_conversion_adds_up
table: gold.amocrm_stage_conversion
severity: block
advice: >-
  Passage through stages in reports would be wrong. Rebuild it: hubdwh transform --full. If the check fails
  again, it is a defect of the model: report it with the failing rows.
*/
select year, month, pipeline_id, status_id, leads_entered, leads_moved_on, leads_won, leads_lost
from candidate
where coalesce(leads_entered < 1, true)
  or leads_won + leads_lost > leads_entered
  or leads_moved_on > leads_entered
  or leads_moved_on < 0
  or leads_won < 0
  or leads_lost < 0
