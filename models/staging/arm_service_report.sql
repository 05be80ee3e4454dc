/*
Every line of ARM's report, as the program has read it: current, brought together with another of its company and
period, or with the rule that it breaks.

scope: []
rebuild:
  arm.service_report: select * from changes
hash: {tin_iin: iin}
*/
select
  reports.*,
  case when is_sole_proprietor(tin) then tin end as tin_iin,
  broken_rule as rule,
  case broken_rule
    when 'bin_format' then 'БИН of ' || coalesce(length(tin_text), 0) || ' characters that is not 12 digits'
    when 'period_invalid' then 'the period is no day and no month'
  end as detail,
  case when broken_rule is not null then masked_report_record(tin_text, period_text) end as record,
  case when row_no is not null then 'row ' || row_no end as origin,
  cast(null as string) as load_id
from arm_service_report as reports
