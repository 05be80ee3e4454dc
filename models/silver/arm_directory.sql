/*
Who belongs to which company, and when; the ИИН masked as in silver.alaqan_visits, so that visits can be joined.

reads: staging.arm_directory
kept: |
  select
    masked_iin(staged.iin, people.hash) as iin,
    masked_bin(staged.bin, companies.hash) as bin,
    staged.spell
  from staged
  left join hashes as people on people.value = staged.iin
  left join hashes as companies on companies.value = staged.bin_iin
  where staged.is_current
superseded: (select count(*) from staged where not is_current and rule is null)
*/
with spells as (
  select * from staged where is_current
),

final as (
  select
    masked_iin(spells.iin, people.hash) as iin,
    masked_bin(spells.bin, companies.hash) as bin,
    spells.spell,
    spells.valid_from,
    spells.valid_to
  from spells
  left join hashes as people on people.value = spells.iin
  left join hashes as companies on companies.value = spells.bin_iin
)

select * from final
