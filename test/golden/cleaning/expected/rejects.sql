select count(*) as rejects, count(distinct rule) as rules from meta.rejects where table_name like '%amocrm_leads'
