-- What was set aside, and in how many of the rows a number stands that should be masked.
select
  rule,
  count(*) as rejects,
  count(*) filter (
    where concat_ws(' ', detail, record, scope, origin) like '%900101304444%'
      or concat_ws(' ', detail, record, scope, origin) like '%65072730094%'
  ) as in_the_clear
from meta.rejects
group by rule
