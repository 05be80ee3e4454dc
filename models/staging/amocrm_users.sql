/*
Every version of the users in scope.

scope: [user_id]
rebuild:
  bronze.amocrm_users: select id as user_id from changes
hash: {email: email}
received: |
  select id as user_id from bronze.amocrm_users
  where id in (select user_id from scope) and load_id in (select load_id from meta.loads)
*/
with ranked as (
  select
    *,
    row_number() over (partition by id order by row_source <> 'list', loaded_at desc, observed_at desc) as version_rank,
    coalesce(first_value(is_deleted) over (partition by id order by observed_at desc, row_hash desc), false) as is_gone
  from bronze.amocrm_users
  where id in (select user_id from scope)
    and load_id in (select load_id from meta.loads)
)

select
  id as user_id,
  name,
  email_of(email) as email,
  coalesce(is_active, true) and not is_gone as is_active,
  coalesce(is_admin, false) as is_admin,
  group_id,
  role_id,
  version_rank = 1 as is_current
from ranked
