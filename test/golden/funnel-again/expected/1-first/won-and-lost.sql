select lead_id, is_won, is_lost from silver.amocrm_leads where lead_id in (4, 6)
