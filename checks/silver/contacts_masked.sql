/*
Phone and e-mail of a contact are masked as privacy.phone and privacy.email say.

name: contacts_masked
table: silver.amocrm_contacts
severity: block
advice: >-
  Personal data would have reached silver. Rebuild it: hubdwh transform --full. If the check fails again, it
  is a defect of the model: report it with the failing rows.
*/
select contact_id, length(phone) as phone_length, length(email) as email_length
from candidate
where case setting_privacy_phone()
    when 'partial' then instr(phone, '*') = 0
    when 'hash' then length(phone) <> 64
    else false
  end
  or case setting_privacy_email()
    when 'partial' then instr(email, '*') = 0
    when 'hash' then length(email) <> 64
    else false
  end
