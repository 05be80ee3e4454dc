select lead_id, cf_bin, cf_source from silver.amocrm_leads where lead_id < 20
