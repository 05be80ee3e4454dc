select 'leads' as of_table, count(*) as row_count from bronze.amocrm_leads
union all select 'users', count(*) from bronze.amocrm_users
order by 1
