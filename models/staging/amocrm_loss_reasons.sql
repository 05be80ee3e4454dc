/*
Every version of the loss reasons in scope.

scope: [loss_reason_id]
rebuild:
  bronze.amocrm_loss_reasons: select id as loss_reason_id from changes
received: |
  select id as loss_reason_id from bronze.amocrm_loss_reasons
  where id in (select loss_reason_id from scope) and load_id in (select load_id from meta.loads)
*/
with ranked as (
  select
    *,
    row_number() over (partition by id order by row_source <> 'list', loaded_at desc, observed_at desc) as version_rank,
    coalesce(first_value(is_deleted) over (partition by id order by observed_at desc, row_hash desc), false) as is_gone
  from bronze.amocrm_loss_reasons
  where id in (select loss_reason_id from scope)
    and load_id in (select load_id from meta.loads)
)

select
  id as loss_reason_id,
  name,
  is_gone,
  version_rank = 1 as is_current
from ranked
