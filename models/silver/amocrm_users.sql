/*
Every user that was ever seen, under the last known name: the API lists only current members.

reads: staging.amocrm_users
superseded: (select count(*) from staged where not is_current)
*/
select
  users.user_id,
  empty_to_null(users.name) as user_name,
  masked_email(users.email, hashes.hash) as email,
  users.is_active,
  users.is_admin,
  users.group_id,
  users.role_id
from staged as users
left join hashes on hashes.value = users.email
where users.is_current
