/*
The last version of each contact; phone and e-mail are masked.

reads: staging.amocrm_contacts
rebuild:
  silver.amocrm_users: |
    select contact_id from silver.amocrm_contacts where responsible_user_id in (select user_id from changes)
superseded: (select count(*) from staged where not is_current and rule is null)
*/
with contacts as (
  select * from staged where is_current
),

users as (
  select user_id, user_name from silver.amocrm_users
),

final as (
  select
    contacts.contact_id,
    empty_to_null(contacts.name) as full_name,
    empty_to_null(contacts.first_name) as first_name,
    empty_to_null(contacts.last_name) as last_name,
    users.user_name as responsible_user_name,
    masked_phone(contacts.phone, phone_hashes.hash) as phone,
    masked_email(contacts.email, email_hashes.hash) as email,
    instant(contacts.created_at) as created_at,
    instant(contacts.updated_at) as updated_at,
    contacts.is_deleted,
    embedded_ids(contacts.companies_json) as company_ids,
    embedded_ids(contacts.leads_json) as lead_ids,
    contacts.responsible_user_id,
    contacts.loaded_at
  from contacts
  left join users on users.user_id = contacts.responsible_user_id
  left join hashes as phone_hashes on phone_hashes.value = contacts.phone
  left join hashes as email_hashes on email_hashes.value = contacts.email
)

select * from final
