/*
The directory has each membership once, and nothing that names it is missing.

name: arm_directory_key
table: silver.arm_directory
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer silver --full. If the check fails again, it is a defect of the model: report it with the failing
  rows.
*/
select iin, bin, spell, count(*) as row_count
from candidate
group by iin, bin, spell
having count(*) > 1 or iin is null or bin is null or spell is null
