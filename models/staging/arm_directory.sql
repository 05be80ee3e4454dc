/*
Every line of the directory ИИН → БИН: current, a repetition of another, or with the rule that it breaks.

scope: []
rebuild:
  arm.directory: select * from changes
hash: {iin: iin, bin_iin: iin}
*/
select
  iin,
  bin,
  case when is_sole_proprietor(bin) then bin end as bin_iin,
  valid_from,
  valid_to,
  broken_rule as rule,
  case broken_rule
    when 'iin_format' then 'ИИН of ' || coalesce(length(iin_text), 0) || ' characters that is not 12 digits'
    when 'bin_format' then 'БИН of ' || coalesce(length(bin_text), 0) || ' characters that is not 12 digits'
    when 'date_invalid' then 'the first or the last day is no day'
    when 'dates_reversed' then 'it ends before it begins'
  end as detail,
  case
    when broken_rule is not null then masked_directory_record(iin_text, bin_text, from_text, to_text)
  end as record,
  case when row_no is not null then 'row ' || row_no end as origin,
  cast(null as string) as load_id,
  cast(
    dense_rank() over (
      partition by broken_rule, iin, bin
      order by valid_from nulls first, valid_to nulls last
    ) as int
  ) as spell,
  broken_rule is null
    and row_number() over (partition by broken_rule, iin, bin, valid_from, valid_to order by row_no) = 1 as is_current
from arm_directory
