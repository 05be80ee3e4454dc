-- Whether a lead that is lost has moved on is not settled, so that this does not ask.
select year, month, status_id, status_name, leads_entered, leads_won, leads_lost
from gold.amocrm_stage_conversion
where pipeline_id = 20
