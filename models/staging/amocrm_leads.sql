/*
Every version of the leads in scope: the current one, superseded ones, and those that break a rule.

scope: [lead_id]
rebuild:
  bronze.amocrm_leads: select id as lead_id from changes
hash: {cf_bin_iin: iin}
received: |
  select id as lead_id from bronze.amocrm_leads
  where id in (select lead_id from scope) and load_id in (select load_id from meta.loads)
*/
with versions as (
  select
    *,
    case
      when not (coalesce(is_unix_time(created_at), true) and coalesce(is_unix_time(updated_at), true))
        then 'time_out_of_range'
    end as rule
  from bronze.amocrm_leads
  where id in (select lead_id from scope)
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
    case when version_rank = 1 then custom_field(custom_fields_values, setting_bin_fields()) end as bin_field,
    case when version_rank = 1 then custom_field(custom_fields_values, setting_source_fields()) end as source_field
  from ranked
),

bins as (
  select
    *,
    bin_of(bin_digits, type_of(bin_field)) as cf_bin
  from (select *, digits(first_value_of(bin_field)) as bin_digits from fields) as with_digits
)

select
  id as lead_id,
  name,
  price,
  responsible_user_id,
  status_id,
  pipeline_id,
  loss_reason_id,
  created_at,
  closed_at,
  contacts_json,
  companies_json,
  tags_json,
  cf_bin,
  case when is_sole_proprietor(cf_bin) then cf_bin end as cf_bin_iin,
  empty_to_null(trimmed(first_value_of(source_field))) as cf_source,
  updated_at,
  is_deleted_now as is_deleted,
  loaded_at,
  load_id,
  rule,
  case when rule is not null then 'created_at or updated_at is not a time' end as detail,
  case when rule is not null then masked_version_record(id, created_at, updated_at) end as record,
  case when rule is not null then row_source end as origin,
  rule is null and version_rank = 1 as is_current
from bins
