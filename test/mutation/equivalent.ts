/**
 * Mutants that change nothing, each with the reason why no data can tell it from the model. One that is caught all
 * the same, or that no longer exists, fails, so that the list stays true.
 */

/** Reason → names of mutants. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'a masked ИИН stands for one ИИН, whose last four digits are the same on every row of the group': [
    'gold.alaqan_daily_attendance: min → max ‹min(iin_display) as iin_display›',
    'gold.alaqan_monthly_summary: min → max ‹min(iin_display) as iin_display›',
  ],
  'narrows the work alone: what is of other companies finds no row in the last join, which begins with the scope':
    [
      'gold.amocrm_client_analytics: where: condition dropped ‹where company_id in (select company_id from scope)›',
    ],
  "a user's new name changes his leads and tasks in silver too, and these rebuild every month that has a row of him":
    [
      'gold.amocrm_manager_activity: rebuild: silver.amocrm_users dropped ‹select year, month from gold.amocrm_manager_activity›',
    ],
  'the union after it takes away what stands there twice': [
    'gold.amocrm_manager_activity: union → union all ‹union›',
  ],
  'no two rows of the two halves are equal: the number of a move tells them apart, and is 0 in one half alone':
    ['gold.amocrm_stage_conversion: union all → union ‹union all›'],
  'every pipeline that has a version has one of the first rank': [
    'staging.amocrm_pipeline_statuses: join → left join ‹join current_pipelines on current_pipelines.id = ranked.id›',
  ],
}

/** Name of the mutant → the reason. */
export const equivalents: ReadonlyMap<string, string> = new Map(
  Object.entries(groups).flatMap(([reason, names]) => names.map(name => [name, reason] as const)),
)
