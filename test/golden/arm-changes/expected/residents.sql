-- The table has no column revenue any more: where it had one, its 5 would stand before the null outside.
select bin, staff
from (select bin, staff, cast(null as double) as revenue from gold.crm_arm_residents) as outside
where not exists (select 1 from gold.crm_arm_residents as residents where revenue is not null)
