/*
The account has a custom field for each column that is taken from one.

name: custom_fields_mapped
table: bronze.amocrm_custom_fields
severity: warn
advice: >-
  Name the field under amocrm.custom_fields in the configuration, by id, code or name (hubdwh discover lists
  them), then hubdwh transform. If the account has no such field, the column stays empty: turn the check off
  by quality: {severity: {custom_fields_mapped: off}}.
*/
-- Told when the definitions of the fields change.
with current_fields as (
  select entity_type, id, name, code, is_deleted
  from (
    select
      *,
      row_number() over (partition by entity_type, id order by loaded_at desc, observed_at desc) as version_rank
    from bronze.amocrm_custom_fields
  ) as versions
  where version_rank = 1
),

wanted as (
  select 'leads' as entity_type, 'bin' as purpose, setting_bin_fields() as names
  union all
  select 'companies' as entity_type, 'bin' as purpose, setting_bin_fields() as names
  union all
  select 'leads' as entity_type, 'source' as purpose, setting_source_fields() as names
  union all
  select 'companies' as entity_type, 'industry' as purpose, setting_industry_fields() as names
  union all
  select 'contacts' as entity_type, 'phone' as purpose, setting_phone_fields() as names
  union all
  select 'contacts' as entity_type, 'email' as purpose, setting_email_fields() as names
),

wanted_names as (
  select entity_type, purpose, each_of(names) as wanted_name from wanted
),

found as (
  select distinct wanted_names.entity_type, wanted_names.purpose
  from wanted_names
  join current_fields on current_fields.entity_type = wanted_names.entity_type
  where not coalesce(current_fields.is_deleted, false)
    and (
      cast(current_fields.id as string) = wanted_names.wanted_name
      or lowered(current_fields.code) = wanted_names.wanted_name
      or lowered(trimmed(current_fields.name)) = wanted_names.wanted_name
    )
)

select wanted.entity_type, wanted.purpose, wanted.names
from wanted
left join found on found.entity_type = wanted.entity_type and found.purpose = wanted.purpose
where found.purpose is null
  and exists (select 1 from new_loads where rows > 0)
  and exists (select 1 from current_fields)
