select year, month, status_id, status_name, status_sort, leads_entered, leads_moved_on, leads_won, leads_lost, median_days_in_stage
from gold.amocrm_stage_conversion
where pipeline_id = 10
