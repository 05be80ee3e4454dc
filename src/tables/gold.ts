/** Gold: the marts that people decide by (spec 1.5 and 2.5; what each number means: decisions "Gold"). */
import { column, extraColumn, type Table } from './table.js'

const year = column('year', 'int', 'год', 'year')
const month = column('month', 'int', 'месяц', 'month')
const iin = column('iin', 'string', 'ИИН, как в Silver', 'ИИН, as in Silver')
const iinDisplay = extraColumn(
  'iin_display',
  'string',
  'последние четыре цифры ИИН',
  'the last four digits of the ИИН',
)

export const goldAlaqanDailyAttendance = {
  schema: 'gold',
  name: 'alaqan_daily_attendance',
  comment: { ru: 'Посещаемость по дням', en: 'Attendance by day' },
  key: ['visit_date', 'iin'],
  partitionBy: ['year'],
  columns: [
    column('visit_date', 'date', 'дата посещения', 'date of the visit'),
    iin,
    column('first_entry', 'timestamp', 'первый вход за день', 'first entry of the day'),
    column('last_exit', 'timestamp', 'последний выход за день', 'last exit of the day'),
    column('total_entries', 'int', 'кол-во входов', 'number of entries'),
    column('total_exits', 'int', 'кол-во выходов', 'number of exits'),
    column(
      'hours_on_site',
      'decimal(5,2)',
      'часы от первого входа до последнего выхода; NULL, если чего-то нет',
      'hours from the first entry to the last exit; NULL where one is missing',
    ),
    column('year', 'int', 'год (партиция)', 'year (partition)'),
    extraColumn(
      'first_entry_local',
      'timestamp_local',
      'первый вход, стенные часы',
      'first entry, wall clock',
    ),
    extraColumn(
      'last_exit_local',
      'timestamp_local',
      'последний выход, стенные часы',
      'last exit, wall clock',
    ),
    iinDisplay,
  ],
} as const satisfies Table

export const goldAlaqanMonthlySummary = {
  schema: 'gold',
  name: 'alaqan_monthly_summary',
  comment: { ru: 'Посещаемость по месяцам', en: 'Attendance by month' },
  key: ['year', 'month', 'iin'],
  partitionBy: ['year'],
  columns: [
    year,
    month,
    iin,
    column('total_days_visited', 'int', 'кол-во дней посещения', 'days visited'),
    column('avg_hours_per_day', 'decimal(5,2)', 'среднее время на объекте', 'average hours on site'),
    column('total_hours', 'decimal(7,2)', 'всего часов за месяц', 'hours of the month'),
    column('first_visit_date', 'date', 'первый визит в месяце', 'first visit of the month'),
    column('last_visit_date', 'date', 'последний визит в месяце', 'last visit of the month'),
    iinDisplay,
  ],
} as const satisfies Table

export const goldAmocrmSalesFunnel = {
  schema: 'gold',
  name: 'amocrm_sales_funnel',
  comment: {
    ru: 'Воронка продаж: месяц создания, воронка, текущий статус',
    en: 'Sales funnel: month of creation, pipeline, current status',
  },
  key: ['year', 'month', 'pipeline_id', 'status_id'],
  partitionBy: ['year'],
  columns: [
    year,
    month,
    column('pipeline_name', 'string', 'воронка', 'pipeline'),
    column('status_name', 'string', 'статус', 'status'),
    column('status_sort', 'int', 'порядок статуса', 'position of the status'),
    column('leads_count', 'int', 'кол-во сделок', 'number of leads'),
    column('total_price', 'bigint', 'сумма сделок', 'sum of prices'),
    column(
      'avg_price',
      'bigint',
      'средний чек (по сделкам с ценой)',
      'average price (over leads with a price)',
    ),
    column('won_count', 'int', 'выиграно', 'won'),
    column('lost_count', 'int', 'проиграно', 'lost'),
    column(
      'conversion_rate',
      'decimal(5,2)',
      '% сделок месяца и воронки на этом статусе или дальше',
      "% of the month's and pipeline's leads that stand at this status or a later one",
    ),
    extraColumn('pipeline_id', 'int', 'воронка', 'pipeline'),
    extraColumn('status_id', 'int', 'статус', 'status'),
  ],
} as const satisfies Table

export const goldAmocrmManagerActivity = {
  schema: 'gold',
  name: 'amocrm_manager_activity',
  comment: { ru: 'Активность менеджеров по месяцам', en: 'Activity of managers by month' },
  key: ['year', 'month', 'responsible_user_id'],
  partitionBy: ['year'],
  columns: [
    year,
    month,
    column('responsible_user_name', 'string', 'ответственный', 'responsible user'),
    column('leads_created', 'int', 'создано сделок', 'leads created'),
    column('leads_closed_won', 'int', 'успешно закрыто', 'closed and won'),
    column('leads_closed_lost', 'int', 'проиграно', 'closed and lost'),
    column('total_revenue', 'bigint', 'выручка', 'revenue'),
    column('tasks_completed', 'int', 'задач выполнено', 'tasks completed'),
    column('avg_deal_cycle_days', 'int', 'средний цикл сделки (дни)', 'average cycle of a deal (days)'),
    extraColumn('responsible_user_id', 'int', 'ответственный', 'responsible user'),
  ],
} as const satisfies Table

export const goldAmocrmClientAnalytics = {
  schema: 'gold',
  name: 'amocrm_client_analytics',
  comment: { ru: 'Аналитика клиентов', en: 'Client analytics' },
  key: ['company_id'],
  partitionBy: [],
  columns: [
    column('company_id', 'int', 'компания', 'company'),
    column('company_name', 'string', 'название', 'name'),
    column('bin', 'string', 'БИН', 'БИН'),
    column('total_leads', 'int', 'всего сделок', 'leads'),
    column('won_leads', 'int', 'выиграно', 'won'),
    column('lost_leads', 'int', 'проиграно', 'lost'),
    column('total_revenue', 'bigint', 'выручка', 'revenue'),
    column('first_deal_date', 'date', 'первая сделка', 'first deal'),
    column('last_deal_date', 'date', 'последняя сделка', 'last deal'),
    column(
      'avg_deal_price',
      'bigint',
      'средний чек (по сделкам с ценой)',
      'average price (over leads with a price)',
    ),
    column('tags', 'string', 'теги её сделок через запятую', "its leads' tags, comma-separated"),
  ],
} as const satisfies Table

export const goldAmocrmStageConversion = {
  schema: 'gold',
  name: 'amocrm_stage_conversion',
  comment: {
    ru: 'Прохождение этапов по журналу событий: месяц входа, воронка, статус',
    en: 'Passage through stages from the log of events: month of entry, pipeline, status',
  },
  key: ['year', 'month', 'pipeline_id', 'status_id'],
  partitionBy: ['year'],
  columns: [
    year,
    month,
    column('pipeline_name', 'string', 'воронка', 'pipeline'),
    column('status_name', 'string', 'статус', 'status'),
    column('status_sort', 'int', 'порядок статуса', 'position of the status'),
    column('leads_entered', 'int', 'сделок вошло', 'leads that entered'),
    column('leads_moved_on', 'int', 'ушло дальше', 'moved on'),
    column('leads_won', 'int', 'из них выиграно', 'of them won'),
    column('leads_lost', 'int', 'из них проиграно', 'of them lost'),
    column(
      'median_days_in_stage',
      'decimal(9,2)',
      'медиана дней на этапе (у ушедших)',
      'median days in the stage (of those that left it)',
    ),
    column('pipeline_id', 'int', 'воронка', 'pipeline'),
    column('status_id', 'int', 'статус', 'status'),
  ],
} as const satisfies Table

const bin = column('bin', 'string', 'БИН, у ИП замаскирован', "БИН, a sole proprietor's masked")
const companyName = column('company_name', 'string', 'название', 'name')

export const goldCrmArmResidents = {
  schema: 'gold',
  name: 'crm_arm_residents',
  comment: {
    ru: 'Компании по БИН: CRM и отчёт ARM, одна строка на БИН',
    en: "Companies by БИН: the CRM and ARM's report, one row per БИН",
  },
  key: ['bin'],
  partitionBy: [],
  hasMeasures: true,
  columns: [
    bin,
    companyName,
    column('company_ids', 'array<int>', 'компании CRM с этим БИН', 'companies of the CRM with this БИН'),
    column('is_resident', 'boolean', 'резидент', 'resident'),
    column(
      'residency_status',
      'string',
      'статус в последнем периоде компании',
      "status in the company's newest period",
    ),
    column(
      'newest_period',
      'date',
      'последний период компании в отчёте',
      "the company's newest period in the report",
    ),
    column('total_leads', 'int', 'всего сделок', 'leads'),
    column('won_leads', 'int', 'выиграно', 'won'),
    column('total_revenue', 'bigint', 'выручка по сделкам CRM', "revenue of the CRM's leads"),
  ],
} as const satisfies Table

export const goldCrmArmResidentsMonthly = {
  schema: 'gold',
  name: 'crm_arm_residents_monthly',
  comment: {
    ru: 'Компании по БИН и месяцам: CRM и отчёт ARM, одна строка на месяц и БИН',
    en: "Companies by БИН and month: the CRM and ARM's report, one row per month and БИН",
  },
  key: ['year', 'month', 'bin'],
  partitionBy: ['year'],
  hasMeasures: true,
  columns: [
    year,
    month,
    bin,
    companyName,
    column('is_resident', 'boolean', 'резидент в этом месяце', 'resident in that month'),
    column(
      'residency_status',
      'string',
      'статус в последнем периоде компании к концу месяца',
      "status in the company's newest period by the end of the month",
    ),
    column('leads_created', 'int', 'создано сделок', 'leads created'),
    column('won_leads', 'int', 'выиграно, по месяцу закрытия', 'won, by month of closing'),
    column('total_revenue', 'bigint', 'выручка по месяцу закрытия', 'revenue, by month of closing'),
  ],
} as const satisfies Table

export const goldAlaqanCompanyAttendance = {
  schema: 'gold',
  name: 'alaqan_company_attendance',
  comment: {
    ru: 'Посещаемость компаний по месяцам; кого нет в справочнике — под БИН unknown',
    en: 'Attendance of companies by month; people whom the directory does not know stand under the БИН unknown',
  },
  key: ['year', 'month', 'bin'],
  partitionBy: ['year'],
  columns: [
    year,
    month,
    bin,
    companyName,
    column('people', 'int', 'людей', 'people'),
    column('visits', 'int', 'человеко-дней', 'person-days'),
    column('hours', 'decimal(12,2)', 'часов на объекте', 'hours on site'),
  ],
} as const satisfies Table

export const goldAmocrmSalesFunnelResidents = {
  ...goldAmocrmSalesFunnel,
  name: 'amocrm_sales_funnel_residents',
  comment: {
    ru: 'Воронка продаж отдельно по сделкам резидентов и остальных',
    en: 'Sales funnel, for leads of residents and of others apart',
  },
  key: ['year', 'month', 'pipeline_id', 'status_id', 'is_resident'],
  columns: [
    ...goldAmocrmSalesFunnel.columns,
    extraColumn(
      'is_resident',
      'boolean',
      'компания сделки — резидент сейчас',
      "the lead's company is a resident now",
    ),
  ],
} as const satisfies Table

export const goldTables = [
  goldAlaqanDailyAttendance,
  goldAlaqanMonthlySummary,
  goldAmocrmSalesFunnel,
  goldAmocrmManagerActivity,
  goldAmocrmClientAnalytics,
  goldAmocrmStageConversion,
  goldCrmArmResidents,
  goldCrmArmResidentsMonthly,
  goldAlaqanCompanyAttendance,
  goldAmocrmSalesFunnelResidents,
] as const satisfies readonly Table[]
