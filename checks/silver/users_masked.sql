/*
The e-mail of a user is masked as privacy.email says.

name: users_masked
table: silver.amocrm_users
severity: block
advice: >-
  Personal data would have reached silver. Rebuild it: hubdwh transform --full. If the check fails again, it
  is a defect of the model: report it with the failing rows.
*/
select user_id, length(email) as email_length
from candidate
where case setting_privacy_email()
    when 'partial' then instr(email, '*') = 0
    when 'hash' then length(email) <> 64
    else false
  end
