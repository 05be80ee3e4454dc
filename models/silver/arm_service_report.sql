/*
ARM's report on residents, one row per company and period, a sole proprietor's БИН masked like the ИИН that it is.

reads: staging.arm_service_report
kept: |
  select masked_bin(staged.tin, hashes.hash) as bin, staged.period
  from staged
  left join hashes on hashes.value = staged.tin_iin
  where staged.is_current
superseded: (select count(*) from staged where not is_current and rule is null)
*/
with reports as (
  select * from staged where is_current
),

final as (
  select
    masked_bin(reports.tin, hashes.hash) as bin,
    reports.*
  from reports
  left join hashes on hashes.value = reports.tin_iin
)

select * from final
