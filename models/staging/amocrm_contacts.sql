/*
Every version of the contacts in scope: the current one, superseded ones, and those that break a rule.

scope: [contact_id]
rebuild:
  bronze.amocrm_contacts: select id as contact_id from changes
hash: {phone: phone, email: email}
received: |
  select id as contact_id from bronze.amocrm_contacts
  where id in (select contact_id from scope) and load_id in (select load_id from meta.loads)
*/
with versions as (
  select
    *,
    case
      when not (coalesce(is_unix_time(created_at), true) and coalesce(is_unix_time(updated_at), true))
        then 'time_out_of_range'
    end as rule
  from bronze.amocrm_contacts
  where id in (select contact_id from scope)
    and load_id in (select load_id from meta.loads)
),

-- The greatest updated_at wins, then the greatest loaded_at. Rows from the bin, an event or a sweep know nothing
-- but the deletion: they never stand for a record that was seen in a list.
ranked as (
  select
    *,
    row_number() over (
      partition by id
      order by
        rule is not null, row_source <> 'list', updated_at desc nulls last, loaded_at desc, observed_at desc
    ) as version_rank,
    max_by(coalesce(is_deleted, false), (second_of(observed_at), row_source = 'event', observed_at, row_hash))
      over (partition by id) as is_deleted_now
  from versions
),

-- Custom fields are read of the current versions alone: parsing them costs more than all else.
fields as (
  select
    *,
    case when version_rank = 1 then custom_field(custom_fields_values, setting_phone_fields()) end as phone_field,
    case when version_rank = 1 then custom_field(custom_fields_values, setting_email_fields()) end as email_field
  from ranked
)

select
  id as contact_id,
  name,
  first_name,
  last_name,
  responsible_user_id,
  created_at,
  companies_json,
  leads_json,
  phone_of(first_value_of(phone_field)) as phone,
  email_of(first_value_of(email_field)) as email,
  updated_at,
  is_deleted_now as is_deleted,
  loaded_at,
  load_id,
  rule,
  case when rule is not null then 'created_at or updated_at is not a time' end as detail,
  case when rule is not null then masked_version_record(id, created_at, updated_at) end as record,
  case when rule is not null then row_source end as origin,
  rule is null and version_rank = 1 as is_current
from fields
