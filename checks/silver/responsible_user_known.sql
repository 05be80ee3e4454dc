/*
Whoever is responsible for a record is a user whose name is known.

name: responsible_user_known
table: [silver.amocrm_leads, silver.amocrm_contacts, silver.amocrm_companies, silver.amocrm_tasks]
severity: warn
advice: >-
  The user was removed from the account before the first run, or may not be read: reports show #id instead of
  a name. Give the records to somebody else in amoCRM, or turn the check off: quality: {severity:
  {responsible_user_known: off}}.
*/
-- Where users may not be read at all, there is nothing to say. 0 is the robot.
select responsible_user_id, count(*) as records
from candidate
where not is_deleted
  and responsible_user_id > 0
  and responsible_user_id not in (select user_id from silver.amocrm_users)
  and exists (select 1 from silver.amocrm_users)
group by responsible_user_id
