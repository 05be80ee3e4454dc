/*
The last version of each company.

reads: staging.amocrm_companies
rebuild:
  silver.amocrm_users: |
    select company_id from silver.amocrm_companies where responsible_user_id in (select user_id from changes)
superseded: (select count(*) from staged where not is_current and rule is null)
*/
with companies as (
  select * from staged where is_current
),

users as (
  select user_id, user_name from silver.amocrm_users
),

final as (
  select
    companies.company_id,
    empty_to_null(companies.name) as company_name,
    users.user_name as responsible_user_name,
    masked_bin(companies.bin, hashes.hash) as bin,
    companies.industry,
    instant(companies.created_at) as created_at,
    instant(companies.updated_at) as updated_at,
    companies.is_deleted,
    companies.responsible_user_id,
    companies.loaded_at
  from companies
  left join users on users.user_id = companies.responsible_user_id
  left join hashes on hashes.value = companies.bin_iin
)

select * from final
