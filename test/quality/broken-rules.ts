/** How each built-in check is broken: by statements on a healthy warehouse, after which it fails and no other does. */

export interface BrokenRule {
  readonly check: string
  readonly table: string
  /** Statements that break the rule in one place. */
  readonly break: string
  /** Changes the configuration, where the rule is about it. */
  readonly configuration?: (text: string) => string
  /** What else must notice it: the sums of the same table. */
  readonly also?: readonly string[]
}

const oneLead =
  '(select min(lead_id) from silver.amocrm_leads where not is_deleted and status_id not in (142, 143))'
const wonLead = '(select min(lead_id) from silver.amocrm_leads where not is_deleted and status_id = 142)'
const oneContact = '(select min(contact_id) from silver.amocrm_contacts where not is_deleted)'
const oneCompany = '(select min(company_id) from silver.amocrm_companies where not is_deleted)'
const oneTask = '(select min(task_id) from silver.amocrm_tasks where not is_deleted)'
const oneVisit = `(visit_date, iin, event, event_time) = (
  select (visit_date, iin, event, event_time) from silver.alaqan_visits order by all limit 1)`

const onLead = (change: string) => `update silver.amocrm_leads set ${change} where lead_id = ${oneLead}`
const onContact = (change: string) =>
  `update silver.amocrm_contacts set ${change} where contact_id = ${oneContact}`
const onCompany = (change: string) =>
  `update silver.amocrm_companies set ${change} where company_id = ${oneCompany}`
const onTask = (change: string) => `update silver.amocrm_tasks set ${change} where task_id = ${oneTask}`
const onVisit = (change: string) => `update silver.alaqan_visits set ${change} where ${oneVisit}`

/** A further load, as the last one of the entity but for what is named. */
const load = (entity: string, change: string, loadId = 'further') =>
  `insert into meta.loads by name
   select * replace ('${loadId}' as load_id, loaded_at + interval 1 minute as loaded_at, ${change})
   from meta.loads where entity = '${entity}' order by loaded_at desc limit 1`

/** A further answer about a day, with its load. */
const answer = (day: string) =>
  `${load('visits', "'by_date' as mode")};
   insert into meta.alaqan_answers by name
   select * replace ('further' as load_id, 'further' as rows_load_id)
   from meta.alaqan_answers where visit_date = date '${day}' limit 1`

const rejected = (table: string) =>
  `insert into meta.reconciliation by name
   select * replace (reconciled_at + interval 1 minute as reconciled_at, 100 as received, 80 as stored, 20 as rejected)
   from meta.reconciliation where table_name = '${table}' and load_id is null order by reconciled_at desc limit 1`

const amocrmBronze = [
  ...['pipelines', 'users', 'loss_reasons', 'task_types', 'custom_fields', 'companies', 'contacts', 'leads'],
  ...['tasks', 'events', 'catalogs', 'catalog_elements'],
]

/** The last Thursday of the healthy world, a working day. */
export const lastThursday = '2025-06-26'

export const brokenRules: readonly BrokenRule[] = [
  // Visits
  {
    check: 'visits_event_known',
    table: 'silver.alaqan_visits',
    break: onVisit("event = 'passage'"),
  },
  {
    check: 'visits_time_of_day',
    table: 'silver.alaqan_visits',
    break: onVisit('event_datetime = event_datetime - interval 2 hours'),
  },
  {
    check: 'visits_not_in_future',
    table: 'silver.alaqan_visits',
    break: `${onVisit("visit_date = date '2025-07-03', event_datetime = event_datetime + (date '2025-07-03' - visit_date) * interval 1 day")};
      insert into meta.alaqan_answers by name
      select * replace (date '2025-07-03' as visit_date) from meta.alaqan_answers limit 1`,
  },
  { check: 'visits_masked', table: 'silver.alaqan_visits', break: onVisit("iin = '860101300123'") },
  {
    check: 'visits_day_loaded',
    table: 'silver.alaqan_visits',
    break: `delete from meta.alaqan_answers where visit_date = date '${lastThursday}'`,
  },
  {
    check: 'iin_check_digit',
    table: 'silver.alaqan_visits',
    break: `insert into bronze.alaqan_visits by name
      select * replace ('860101300127' as iin) from bronze.alaqan_visits where is_iin(iin) limit 1`,
  },
  // Leads
  {
    check: 'leads_outcome_by_status',
    table: 'silver.amocrm_leads',
    break: onLead('is_won = true, closed_at = updated_at'),
  },
  { check: 'leads_year_of_creation', table: 'silver.amocrm_leads', break: onLead('year = year + 1') },
  { check: 'leads_names_current', table: 'silver.amocrm_leads', break: onLead("status_name = 'Прежнее'") },
  { check: 'leads_price_not_negative', table: 'silver.amocrm_leads', break: onLead('price = -1') },
  {
    check: 'leads_closed_before_created',
    table: 'silver.amocrm_leads',
    break: `update silver.amocrm_leads set closed_at = created_at - interval 1 day where lead_id = ${wonLead}`,
  },
  {
    check: 'leads_closed_at_known',
    table: 'silver.amocrm_leads',
    break: `update silver.amocrm_leads set closed_at = null where lead_id = ${wonLead}`,
  },
  {
    check: 'leads_updated_not_before_created',
    table: 'silver.amocrm_leads',
    break: onLead('updated_at = created_at - interval 1 day'),
  },
  {
    check: 'leads_created_not_in_future',
    table: 'silver.amocrm_leads',
    break: onLead(
      "created_at = timestamptz '2025-08-01 00:00:00+05', updated_at = timestamptz '2025-08-01 00:00:00+05'",
    ),
  },
  { check: 'bin_check_digit_leads', table: 'silver.amocrm_leads', break: onLead("cf_bin = '990540000002'") },
  { check: 'bin_masked_leads', table: 'silver.amocrm_leads', break: onLead("cf_bin = '860101300126'") },
  {
    check: 'leads_status_known',
    table: 'silver.amocrm_leads',
    break: onLead('status_id = 7, status_name = null'),
  },
  {
    check: 'leads_pipeline_known',
    table: 'silver.amocrm_leads',
    break: onLead('pipeline_id = 7, pipeline_name = null, status_name = null'),
  },
  {
    check: 'responsible_user_known',
    table: 'silver.amocrm_leads',
    break: onLead('responsible_user_id = 7, responsible_user_name = null'),
  },
  { check: 'leads_contacts_known', table: 'silver.amocrm_leads', break: onLead('contact_ids = [7]') },
  { check: 'leads_companies_known', table: 'silver.amocrm_leads', break: onLead('company_ids = [7]') },
  // Contacts, companies, users
  { check: 'contacts_masked', table: 'silver.amocrm_contacts', break: onContact("phone = '+77001234567'") },
  { check: 'contacts_masked', table: 'silver.amocrm_contacts', break: onContact("email = 'a@b.kz'") },
  {
    check: 'responsible_user_known',
    table: 'silver.amocrm_contacts',
    break: onContact('responsible_user_id = 7'),
  },
  {
    check: 'contacts_companies_known',
    table: 'silver.amocrm_contacts',
    break: onContact('company_ids = [7]'),
  },
  {
    check: 'contacts_updated_not_before_created',
    table: 'silver.amocrm_contacts',
    break: onContact('updated_at = created_at - interval 1 day'),
  },
  {
    check: 'contacts_created_not_in_future',
    table: 'silver.amocrm_contacts',
    break: onContact(
      "created_at = timestamptz '2025-08-01 00:00:00+05', updated_at = timestamptz '2025-08-01 00:00:00+05'",
    ),
  },
  {
    check: 'bin_check_digit_companies',
    table: 'silver.amocrm_companies',
    break: onCompany("bin = '990540000002'"),
  },
  {
    check: 'bin_masked_companies',
    table: 'silver.amocrm_companies',
    break: onCompany("bin = '860101300126'"),
  },
  {
    check: 'responsible_user_known',
    table: 'silver.amocrm_companies',
    break: onCompany('responsible_user_id = 7'),
  },
  {
    check: 'companies_updated_not_before_created',
    table: 'silver.amocrm_companies',
    break: onCompany('updated_at = created_at - interval 1 day'),
  },
  {
    check: 'companies_created_not_in_future',
    table: 'silver.amocrm_companies',
    break: onCompany(
      "created_at = timestamptz '2025-08-01 00:00:00+05', updated_at = timestamptz '2025-08-01 00:00:00+05'",
    ),
  },
  {
    check: 'users_masked',
    table: 'silver.amocrm_users',
    break: `update silver.amocrm_users set email = 'a@b.kz' where user_id = (select min(user_id) from silver.amocrm_users)`,
  },
  // Tasks and changes of statuses
  { check: 'responsible_user_known', table: 'silver.amocrm_tasks', break: onTask('responsible_user_id = 7') },
  {
    check: 'tasks_entity_type_known',
    table: 'silver.amocrm_tasks',
    break: onTask("entity_type = 'segments'"),
  },
  {
    check: 'tasks_entity_known',
    table: 'silver.amocrm_tasks',
    break: `${onTask("entity_type = 'leads', entity_id = 7, updated_at = (select instant(max(watermark)) from meta.loads where entity = 'leads')")};
      ${load('leads', 'watermark - 3600 as watermark')}`,
  },
  { check: 'tasks_type_known', table: 'silver.amocrm_tasks', break: onTask('task_type_id = 7') },
  {
    check: 'tasks_updated_not_before_created',
    table: 'silver.amocrm_tasks',
    break: onTask('updated_at = created_at - interval 1 day'),
  },
  {
    check: 'tasks_created_not_in_future',
    table: 'silver.amocrm_tasks',
    break: onTask(
      "created_at = timestamptz '2025-08-01 00:00:00+05', updated_at = timestamptz '2025-08-01 00:00:00+05'",
    ),
  },
  {
    check: 'status_changes_status_known',
    table: 'silver.amocrm_lead_status_changes',
    break: `${load('pipelines', 'watermark - 3600 as watermark')};
      update silver.amocrm_lead_status_changes
      set to_status_id = 7, changed_at = (select instant(max(watermark)) from meta.loads where entity = 'pipelines')
      where event_id = (select min(event_id) from silver.amocrm_lead_status_changes)`,
  },
  {
    check: 'status_changes_lead_known',
    table: 'bronze.amocrm_events',
    break: `${load('leads', 'watermark - 3600 as watermark')};
      ${load('events', '0 as rejects', 'further_events')};
      insert into bronze.amocrm_events by name
      select * replace (
        'further' as id, 7 as entity_id, 'further_events' as load_id,
        (select max(watermark) from meta.loads where entity = 'leads') as created_at
      )
      from bronze.amocrm_events where type = 'lead_status_changed' limit 1`,
  },
  // Rejects
  ...['alaqan_visits', 'amocrm_companies', 'amocrm_contacts', 'amocrm_leads', 'amocrm_tasks']
    .concat(['amocrm_lead_status_changes', 'amocrm_task_completions'])
    .map(name => ({
      check: 'silver_rejects_share',
      table: `silver.${name}`,
      break: rejected(`silver.${name}`),
    })),
  {
    check: 'rejects_share',
    table: 'bronze.alaqan_visits',
    break: load('visits', '100 as received, 20 as rejects'),
  },
  ...amocrmBronze.map(entity => ({
    check: 'rejects_share',
    table: `bronze.amocrm_${entity}`,
    break: load(
      entity,
      "(select received from meta.loads where entity = '" +
        entity +
        "' order by loaded_at desc limit 1) as received, 1000 as rejects",
    ),
  })),
  // Numbers of rows
  ...amocrmBronze.map(entity => ({
    check: 'reading_not_halved',
    table: `bronze.amocrm_${entity}`,
    break: `${load(entity, "1000 as received, 'everything' as mode")};
      insert into meta.model_loads
      select distinct model, 'further', timestamptz '2025-07-01 00:00:00+05' from meta.model_loads
      where model like 'check % bronze.%';
      ${load(entity, "499 as received, 'everything' as mode", 'halved')}`,
  })),
  ...['visits', ...amocrmBronze].map(entity => ({
    check: 'load_not_exploded',
    table: entity === 'visits' ? 'bronze.alaqan_visits' : `bronze.amocrm_${entity}`,
    break: [
      ...[1, 2, 3, 4, 5, 6, 7, 8].map(no =>
        load(entity, "110 as received, 'changes' as mode", `usual_${no}`),
      ),
      load(entity, "1101 as received, 'changes' as mode"),
    ].join(';\n'),
  })),
  {
    check: 'visits_of_day_not_few',
    table: 'bronze.alaqan_visits',
    break: `${answer(lastThursday)};
      delete from silver.alaqan_visits where visit_date = date '${lastThursday}'
        and iin not in (select min(iin) from silver.alaqan_visits where visit_date = date '${lastThursday}')`,
  },
  {
    check: 'visits_of_day_not_many',
    table: 'bronze.alaqan_visits',
    break: `${answer(lastThursday)};
      insert into silver.alaqan_visits by name
      select
        visit_date, iin || '-' || number as iin, event, event_time, event_datetime, loaded_at, iin_display
      from silver.alaqan_visits, unnest(range(20)) as numbers(number) where visit_date = date '${lastThursday}'`,
  },
  {
    check: 'visits_in_working_week',
    table: 'bronze.alaqan_visits',
    break: `${answer(lastThursday)};
      delete from silver.alaqan_visits where visit_date >= date '2025-06-24';
      update meta.alaqan_answers set load_id = 'of another load' where load_id = 'further'`,
  },
  // Custom fields
  {
    check: 'custom_fields_mapped',
    table: 'bronze.amocrm_custom_fields',
    break: load('custom_fields', '1 as rows'),
    configuration: text => text.replace('amocrm:\n', 'amocrm:\n  custom_fields: {industry: [Отрасль]}\n'),
  },
  {
    check: 'custom_fields_unchanged',
    table: 'bronze.amocrm_custom_fields',
    break: `${load('custom_fields', '1 as rows')};
      insert into bronze.amocrm_custom_fields by name
      select * replace (
        7 as id, 'Новое поле' as name, 'further' as load_id, loaded_at + interval 1 minute as loaded_at
      )
      from bronze.amocrm_custom_fields limit 1`,
  },
  {
    check: 'custom_fields_unchanged',
    table: 'bronze.amocrm_custom_fields',
    break: `${load('custom_fields', '1 as rows')};
      insert into bronze.amocrm_custom_fields by name
      select * replace (true as is_deleted, 'further' as load_id, loaded_at + interval 1 minute as loaded_at)
      from bronze.amocrm_custom_fields where code is null and lower(name) not in ('бин', 'источник', 'сфера') limit 1`,
  },
  // Meta
  {
    check: 'alaqan_fresh',
    table: 'meta.alaqan_answers',
    break: "delete from meta.alaqan_answers where visit_date > date '2025-06-28'",
  },
  ...['leads', 'contacts', 'companies', 'tasks', 'events'].map(entity => ({
    check: 'amocrm_fresh',
    table: 'meta.loads',
    break: `update meta.loads set watermark = watermark - 200000 where entity = '${entity}'`,
  })),
  {
    check: 'schema_unchanged',
    table: 'meta.schema_changes',
    break: `${load('leads', '0 as rejects')};
      insert into meta.schema_changes (source, entity, field, change, types_after, load_id, noticed_at)
      values ('amocrm', 'leads', 'colour', 'added', ['string'], 'further', timestamptz '2025-07-01 00:00:00+05')`,
  },
  // Gold
  ...(
    [
      ['alaqan_monthly_summary', [], 'true'],
      ['amocrm_sales_funnel', ['sales_funnel_of_leads'], 'leads_count > 0'],
      ['amocrm_manager_activity', ['manager_activity_of_leads'], 'leads_created > 0'],
      ['amocrm_stage_conversion', ['stage_conversion_of_changes'], 'true'],
    ] as const
  ).map(([name, also, isCounted]) => ({
    check: 'months_in_range',
    table: `gold.${name}`,
    break: `insert into gold.${name} by name
      select * replace (13 as month) from gold.${name} where ${isCounted} limit 1`,
    also,
  })),
  {
    check: 'daily_attendance_hours',
    table: 'gold.alaqan_daily_attendance',
    break: `update gold.alaqan_daily_attendance set hours_on_site = hours_on_site + 1
      where (visit_date, iin) = (
        select (visit_date, iin) from gold.alaqan_daily_attendance where hours_on_site > 0 order by all limit 1)`,
  },
  {
    check: 'daily_attendance_of_visits',
    table: 'gold.alaqan_daily_attendance',
    break: `delete from gold.alaqan_daily_attendance where visit_date = date '${lastThursday}'`,
  },
  {
    check: 'daily_attendance_of_visits',
    table: 'gold.alaqan_daily_attendance',
    break:
      'update gold.alaqan_daily_attendance set total_exits = total_exits + 1 where iin = (select min(iin) from gold.alaqan_daily_attendance)',
  },
  {
    check: 'monthly_summary_of_days',
    table: 'gold.alaqan_monthly_summary',
    break:
      'update gold.alaqan_monthly_summary set total_days_visited = total_days_visited + 1 where iin = (select min(iin) from gold.alaqan_monthly_summary)',
  },
  {
    check: 'monthly_summary_of_days',
    table: 'gold.alaqan_monthly_summary',
    break: 'delete from gold.alaqan_monthly_summary where month = 6',
  },
  {
    check: 'sales_funnel_of_leads',
    table: 'gold.amocrm_sales_funnel',
    break: 'update gold.amocrm_sales_funnel set total_price = total_price + 1 where month = 6',
  },
  {
    check: 'sales_funnel_of_leads',
    table: 'gold.amocrm_sales_funnel',
    break: 'delete from gold.amocrm_sales_funnel where month = 6',
  },
  {
    check: 'sales_funnel_conversion',
    table: 'gold.amocrm_sales_funnel',
    break: 'update gold.amocrm_sales_funnel set conversion_rate = 101 where status_id = 143',
  },
  {
    check: 'funnel_price_not_negative',
    table: 'gold.amocrm_sales_funnel',
    break: `update silver.amocrm_leads set price = -price - 1 where price >= 0;
      update gold.amocrm_sales_funnel set total_price = -total_price - leads_count, avg_price = null where leads_count > 0`,
  },
  {
    check: 'revenue_not_negative',
    table: 'gold.amocrm_manager_activity',
    break: `update silver.amocrm_leads set price = -price - 1 where price >= 0;
      update gold.amocrm_manager_activity set total_revenue = -total_revenue - leads_closed_won`,
  },
  {
    check: 'revenue_not_negative',
    table: 'gold.amocrm_client_analytics',
    break: `update silver.amocrm_leads set price = -price - 1 where price >= 0;
      update gold.amocrm_client_analytics set total_revenue = -total_revenue - won_leads, avg_deal_price = null`,
  },
  {
    check: 'manager_activity_of_leads',
    table: 'gold.amocrm_manager_activity',
    break: 'update gold.amocrm_manager_activity set tasks_completed = tasks_completed + 1 where month = 6',
  },
  {
    check: 'manager_activity_of_leads',
    table: 'gold.amocrm_manager_activity',
    break: 'delete from gold.amocrm_manager_activity where month = 6',
  },
  {
    check: 'client_analytics_of_leads',
    table: 'gold.amocrm_client_analytics',
    break: 'update gold.amocrm_client_analytics set total_leads = total_leads + 1',
  },
  {
    check: 'client_analytics_of_leads',
    table: 'gold.amocrm_client_analytics',
    break: `delete from gold.amocrm_client_analytics where company_id = ${oneCompany}`,
  },
  {
    check: 'stage_conversion_adds_up',
    table: 'gold.amocrm_stage_conversion',
    break: 'update gold.amocrm_stage_conversion set leads_won = leads_entered + 1 where month = 6',
  },
  {
    check: 'stage_days_not_negative',
    table: 'gold.amocrm_stage_conversion',
    break: 'update gold.amocrm_stage_conversion set median_days_in_stage = -1 where month = 6',
  },
  {
    check: 'stage_conversion_of_changes',
    table: 'gold.amocrm_stage_conversion',
    break: 'delete from gold.amocrm_stage_conversion where month = 6',
  },
  // ARM
  {
    check: 'person_in_one_company',
    table: 'silver.arm_directory',
    break: `insert into silver.arm_directory
      select iin, '111140000008', 1, null, null from silver.arm_directory where bin <> '111140000008' limit 1`,
  },
  ...['arm_directory', 'arm_service_report'].map(name => ({
    check: 'arm_rejects_share',
    table: `silver.${name}`,
    break: rejected(`silver.${name}`),
  })),
  {
    check: 'bin_of_one_company',
    table: 'gold.crm_arm_residents',
    break:
      'update gold.crm_arm_residents set company_ids = [7, 8] where bin = (select min(bin) from gold.crm_arm_residents)',
  },
  {
    check: 'residents_of_leads',
    table: 'gold.crm_arm_residents',
    break: 'update gold.crm_arm_residents set total_leads = total_leads + 1',
  },
  {
    check: 'residents_of_leads',
    table: 'gold.crm_arm_residents',
    break: 'delete from gold.crm_arm_residents where total_leads > 0',
  },
  {
    check: 'revenue_not_negative',
    table: 'gold.crm_arm_residents',
    break: 'update gold.crm_arm_residents set total_revenue = -1',
    also: ['residents_of_leads'],
  },
  {
    check: 'residents_monthly_of_leads',
    table: 'gold.crm_arm_residents_monthly',
    break: 'update gold.crm_arm_residents_monthly set won_leads = won_leads + 1 where month = 6',
  },
  {
    check: 'revenue_not_negative',
    table: 'gold.crm_arm_residents_monthly',
    break: 'update gold.crm_arm_residents_monthly set total_revenue = -1',
    also: ['residents_monthly_of_leads'],
  },
  {
    check: 'months_in_range',
    table: 'gold.crm_arm_residents_monthly',
    break: `insert into gold.crm_arm_residents_monthly by name
      select * replace (13 as month) from gold.crm_arm_residents_monthly order by leads_created desc limit 1`,
    also: ['residents_monthly_of_leads'],
  },
  {
    check: 'funnel_residents_of_leads',
    table: 'gold.amocrm_sales_funnel_residents',
    break: 'delete from gold.amocrm_sales_funnel_residents where month = 6',
  },
  {
    check: 'months_in_range',
    table: 'gold.amocrm_sales_funnel_residents',
    break: `insert into gold.amocrm_sales_funnel_residents by name
      select * replace (13 as month) from gold.amocrm_sales_funnel_residents order by leads_count desc limit 1`,
    also: ['funnel_residents_of_leads'],
  },
  {
    check: 'company_attendance_of_days',
    table: 'gold.alaqan_company_attendance',
    break: 'update gold.alaqan_company_attendance set hours = hours + 1 where month = 6',
  },
  {
    check: 'months_in_range',
    table: 'gold.alaqan_company_attendance',
    break: `insert into gold.alaqan_company_attendance by name
      select * replace (13 as month) from gold.alaqan_company_attendance limit 1`,
    also: ['company_attendance_of_days'],
  },
]
