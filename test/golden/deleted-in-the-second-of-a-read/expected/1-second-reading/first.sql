select company_id, is_deleted from silver.amocrm_companies where company_id = 1
