/*
Every one of the loss reasons that was ever seen, under its last known name.

reads: staging.amocrm_loss_reasons
superseded: (select count(*) from staged where not is_current)
*/
select
  loss_reason_id,
  empty_to_null(name) as loss_reason,
  is_gone as is_deleted
from staged
where is_current
