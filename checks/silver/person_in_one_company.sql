/*
A person belongs to one company at a time.

name: person_in_one_company
table: silver.arm_directory
severity: warn
advice: >-
  Correct the dates in ARM or in the file. Until then the visits of a day count for the company that the
  person joined last, then for the smallest БИН, and for no other.
*/
select mine.bin, other.bin as other_bin, count(distinct mine.iin) as people
from candidate as mine
join candidate as other on other.iin = mine.iin and other.bin > mine.bin
where coalesce(mine.valid_from, date '0001-01-01') <= coalesce(other.valid_to, date '9999-12-31')
  and coalesce(other.valid_from, date '0001-01-01') <= coalesce(mine.valid_to, date '9999-12-31')
group by mine.bin, other.bin
