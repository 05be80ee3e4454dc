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
  "a user's new name changes his leads and tasks in silver too, and these rebuild every month that has a row of him; no user has the id 0, which stands for nobody":
    [
      'gold.amocrm_manager_activity: rebuild: silver.amocrm_users dropped ‹select year, month from gold.amocrm_manager_activity›',
    ],
  'the union after it takes away what stands there twice': [
    'gold.amocrm_manager_activity: union → union all ‹union›',
    'gold.crm_arm_residents: union → union all ‹union›',
  ],
  'no two rows of the two halves are equal: the number of a move tells them apart, and is 0 in one half alone':
    ['gold.amocrm_stage_conversion: union all → union ‹union all›'],
  'every pipeline that has a version has one of the first rank': [
    'staging.amocrm_pipeline_statuses: join → left join ‹join current_pipelines on current_pipelines.id = ranked.id›',
  ],
  'the first and the second of a month have the same last day': [
    'functions.last_day_of: 1 → 2 ‹create or replace temp macro last_day_of(year_number, month_number) as last_day(make_date(year_number, month_number, 1));›',
  ],
  "a lead's БИН is found among silver's leads, and looked for again when its lead changes: each stands beside its lead":
    [
      'gold.crm_arm_residents: join → left join ‹join silver.amocrm_leads as leads on leads.lead_id = lead_bins.lead_id›',
      'gold.crm_arm_residents_monthly: join → left join ‹join silver.amocrm_leads as leads on leads.lead_id = lead_bins.lead_id›',
    ],
  "of a company's rows for a month one is of the first place, however often the month stands here": [
    'gold.crm_arm_residents_monthly: union → union all ‹union›',
    'gold.crm_arm_residents_monthly: union → union all ‹union› #2',
  ],
  'before the first report the newest period is unknown, and so it is where the month has no row': [
    'gold.crm_arm_residents_monthly: join → left join ‹join reports on reports.period <= last_day_of(scope.year, scope.month)›',
  ],
  "it chooses among lines that say the same of one person and company; silver does not hold the line's number":
    [
      'staging.arm_directory: asc → desc ‹and row_number() over (partition by broken_rule, iin, bin, valid_from, valid_to order by row_no) = 1 as is_current›',
    ],
}

/** Name of the mutant → the reason. */
export const equivalents: ReadonlyMap<string, string> = new Map(
  Object.entries(groups).flatMap(([reason, names]) => names.map(name => [name, reason] as const)),
)
