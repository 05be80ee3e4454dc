/** What models and checks say of themselves, in Russian: their files say it in English. A test holds the names. */

export const modelsInRussian: Readonly<Record<string, string>> = {
  'silver.alaqan_visits': 'Верные события из самых новых ответов, каждое один раз; ИИН замаскирован.',
  'silver.amocrm_lead_status_changes': 'Смены статусов сделок по журналу событий.',
  'silver.amocrm_loss_reasons':
    'Каждая причина отказа, которую когда-либо видели, под последним известным названием.',
  'silver.amocrm_pipeline_statuses':
    'Воронки и их статусы одной таблицей; удалённые — под последним известным названием.',
  'silver.amocrm_task_completions': 'Когда каждая задача была выполнена в последний раз, по журналу событий.',
  'silver.amocrm_task_types':
    'Каждый тип задач, который когда-либо видели, под последним известным названием.',
  'silver.amocrm_users':
    'Каждый пользователь, которого когда-либо видели, под последним известным именем: API отдаёт только нынешних.',
  'silver.arm_directory':
    'Кто в какой компании и когда; ИИН замаскирован как в silver.alaqan_visits, чтобы соединять с посещениями.',
  'silver.arm_service_report':
    'Отчёт ARM о резидентах: строка на компанию и период; БИН ИП замаскирован, потому что это ИИН.',
  'silver.amocrm_companies': 'Последняя версия каждой компании.',
  'silver.amocrm_contacts': 'Последняя версия каждого контакта; телефон и e-mail замаскированы.',
  'silver.amocrm_leads':
    'Последняя версия каждой сделки с названиями, на которые указывают её идентификаторы.',
  'silver.amocrm_tasks': 'Последняя версия каждой задачи.',
  'gold.alaqan_daily_attendance':
    'Строка на человека и день с любым событием. Часы — от первого входа до последнего выхода: турникеты теряют события, и ' +
    'попарный счёт терял бы почти весь день, если одного события нет.',
  'silver.amocrm_lead_bins':
    'БИН, к которому относится сделка: её собственный или первой её компании с БИН, в порядке API. Удалённые сделки и сделки ' +
    'без БИН строки не имеют; удалённая компания свой БИН никому не даёт.',
  'gold.alaqan_company_attendance':
    'Строка на месяц и компанию, из дневной витрины. Кто в один день числится в двух компаниях, считается в одной: той, куда ' +
    'пришёл последней, затем с меньшим БИН. Кого справочник в этот день не знает, стоит под БИН unknown: так посещения и часы ' +
    'сходятся с gold.alaqan_daily_attendance.',
  'gold.alaqan_monthly_summary':
    'Строка на человека и месяц из округлённых значений дневной витрины, чтобы суммы сходились.',
  'gold.amocrm_client_analytics': 'Строка на каждую неудалённую компанию, также без сделок.',
  'gold.amocrm_manager_activity':
    'Строка на месяц и ответственного: сделки — по месяцу создания, исходы и выручка — по месяцу закрытия, задачи — по месяцу ' +
    'последнего события task_completed, а где его нет — последнего изменения.',
  'gold.amocrm_sales_funnel':
    'Строка на месяц создания, воронку и текущий статус; каждый статус воронки имеет строку в месяце, в котором у воронки есть ' +
    'сделки. Выиграно и проиграно — по идентификатору статуса, 142 и 143, а не по названию или месту.',
  'gold.amocrm_stage_conversion':
    'Что стало со сделками, вошедшими в этап за месяц, по журналу событий. В первый этап сделка входит при создании, если журнал ' +
    'туда достаёт (amocrm.events.from). Сделка считается один раз на месяц и этап, по первому входу. leads_moved_on ушли с этапа ' +
    'куда угодно, кроме проигрыша; leads_won и leads_lost стоят там сейчас.',
  'gold.crm_arm_residents':
    'Строка на БИН, который знает CRM или отчёт ARM. Две компании CRM с одним БИН — одна строка, и отчёт до соединения сведён к ' +
    'строке на компанию: ничего не считается дважды.',
  'gold.crm_arm_residents_monthly':
    'Строка на месяц и БИН, у которого в этом месяце создана или выиграна сделка или есть строка отчёта ARM. Выигрыши и выручка — ' +
    'по месяцу закрытия; резидентство — на конец месяца.',
  'gold.amocrm_sales_funnel_residents':
    'Воронка отдельно по сделкам резидентов и остальных: как gold.amocrm_sales_funnel, с ещё одним ключом. Резидент — чей БИН ' +
    'gold.crm_arm_residents называет резидентом сейчас; сделка без БИН — у остальных. Группа без сделок в месяце строк не имеет; ' +
    'конверсия — внутри группы.',
}

const hasOneRow = 'и ни одна часть ключа не пуста'

export const checksInRussian: Readonly<Record<string, string>> = {
  custom_fields_mapped: 'В аккаунте есть пользовательское поле для каждого столбца, который из него берётся.',
  custom_fields_unchanged: 'В аккаунте не добавили и не убрали пользовательских полей.',
  load_not_exploded: 'В загрузке меньше чем вдесятеро больше записей, чем обычно.',
  reading_not_halved: 'Полное чтение даёт не меньше половины записей предыдущего.',
  rejects_share: 'Отложено мало записей загрузки.',
  status_changes_lead_known: 'Сделка, у которой сменился статус, известна.',
  visits_in_working_week: 'Из пяти рабочих дней подряд хотя бы в один есть посещение.',
  visits_of_day_not_few:
    'Людей за день не меньше пятой части того, что было в этот день недели за восемь недель.',
  visits_of_day_not_many:
    'Людей за день меньше чем вдесятеро больше, чем в этот день недели за восемь недель.',
  alaqan_company_attendance_key: `У компании одна строка в месяц, ${hasOneRow}.`,
  alaqan_daily_attendance_key: `У человека одна строка в день, ${hasOneRow}.`,
  alaqan_monthly_summary_key: `У человека одна строка в месяц, ${hasOneRow}.`,
  amocrm_client_analytics_key: `У компании одна строка, ${hasOneRow}.`,
  amocrm_manager_activity_key: `У менеджера одна строка в месяц, ${hasOneRow}.`,
  amocrm_sales_funnel_key: `У статуса воронки одна строка в месяц, ${hasOneRow}.`,
  amocrm_sales_funnel_residents_key: `У статуса воронки одна строка в месяц для резидентов и одна для остальных, ${hasOneRow}.`,
  amocrm_stage_conversion_key: `У этапа воронки одна строка в месяц, ${hasOneRow}.`,
  bin_of_one_company: 'БИН стоит у одной компании CRM.',
  client_analytics_of_leads: 'Есть каждая неудалённая компания, со сделками и выручкой как в silver.',
  company_attendance_of_days: 'Посещения и часы всех компаний за месяц — те же, что в дневной витрине.',
  crm_arm_residents_key: `У БИН одна строка, ${hasOneRow}.`,
  crm_arm_residents_monthly_key: `У БИН одна строка в месяц, ${hasOneRow}.`,
  daily_attendance_hours:
    'Часы за день — от 0 до 24 и от первого входа до последнего выхода; без одного из них часов нет.',
  daily_attendance_of_visits:
    'Дни, входы, выходы, первые и последние события — те же, что в silver.alaqan_visits.',
  funnel_price_not_negative: 'Сумма сделок не отрицательна.',
  funnel_residents_of_leads:
    'Воронки резидентов и остальных вместе держат сделки и суммы silver.amocrm_leads.',
  manager_activity_of_leads: 'Сделки, выручка и задачи менеджеров — те же, что в silver.',
  monthly_summary_of_days: 'Люди, дни и часы месячной витрины — те же, что в дневной.',
  months_in_range: 'Месяц — один из двенадцати, год — календарный.',
  residents_monthly_of_leads: 'Сделки и выручка за месяц рядом с ARM — те же, что в silver.',
  residents_of_leads: 'Сделки и выручка компаний рядом с ARM — те же, что в silver.',
  revenue_not_negative: 'Выручка не отрицательна.',
  sales_funnel_conversion: 'Конверсия — доля от 0 до 100 % и от статуса к следующему не растёт.',
  sales_funnel_of_leads: 'Сделки, суммы, выигрыши и проигрыши воронки — те же, что в silver.amocrm_leads.',
  stage_conversion_adds_up: 'Ушло дальше, выиграно и проиграно не больше сделок, чем вошло в этап.',
  stage_conversion_of_changes: 'Вошедшие в этап сделки — те, что в журнале событий, и те, что в нём созданы.',
  stage_days_not_negative: 'Сделка не уходит с этапа раньше, чем вошла.',
  alaqan_fresh: 'Последний известный день турникетов не старше quality.max_age_hours.',
  amocrm_fresh:
    'Последнее чтение сделок, контактов, компаний, задач и событий не старше quality.max_age_hours.',
  schema_unchanged: 'Источники шлют те же поля тех же типов, что и раньше.',
  alaqan_visits_key: `У человека каждое событие дня один раз, ${hasOneRow}.`,
  amocrm_companies_key: `У компании одна строка, ${hasOneRow}.`,
  amocrm_contacts_key: `У контакта одна строка, ${hasOneRow}.`,
  amocrm_lead_bins_key: `Сделка относится к одному БИН, ${hasOneRow}.`,
  amocrm_lead_status_changes_key: `У смены статуса одна строка, ${hasOneRow}.`,
  amocrm_leads_key: `У сделки одна строка, ${hasOneRow}.`,
  amocrm_loss_reasons_key: `У причины отказа одна строка, ${hasOneRow}.`,
  amocrm_pipeline_statuses_key: `У воронки каждый статус один раз, ${hasOneRow}.`,
  amocrm_task_completions_key: `У выполненной задачи одна строка, ${hasOneRow}.`,
  amocrm_task_types_key: `У типа задач одна строка, ${hasOneRow}.`,
  amocrm_tasks_key: `У задачи одна строка, ${hasOneRow}.`,
  amocrm_users_key: `У пользователя одна строка, ${hasOneRow}.`,
  arm_directory_key: `В справочнике каждое членство один раз, ${hasOneRow}.`,
  arm_rejects_share: 'Отложено мало строк таблиц ARM.',
  arm_service_report_key: `В отчёте ARM одна строка на компанию и период, ${hasOneRow}.`,
  bin_check_digit_companies: 'Контрольная цифра БИН компании верна.',
  bin_check_digit_leads: 'Контрольная цифра БИН сделки верна.',
  bin_masked_companies: 'БИН ИП, то есть его ИИН, замаскирован по privacy.iin.',
  bin_masked_leads: 'БИН ИП, то есть его ИИН, замаскирован по privacy.iin.',
  companies_created_not_in_future: 'Ни одна компания не создана в будущем.',
  companies_updated_not_before_created: 'Компания не изменена раньше, чем создана.',
  contacts_companies_known: 'Компании контакта известны.',
  contacts_created_not_in_future: 'Ни один контакт не создан в будущем.',
  contacts_masked: 'Телефон и e-mail контакта замаскированы по privacy.phone и privacy.email.',
  contacts_updated_not_before_created: 'Контакт не изменён раньше, чем создан.',
  iin_check_digit: 'Контрольная цифра ИИН человека верна.',
  leads_closed_at_known: 'У выигранной или проигранной сделки есть время закрытия.',
  leads_closed_before_created: 'Сделка не закрыта раньше, чем создана.',
  leads_companies_known: 'Компании сделки известны.',
  leads_contacts_known: 'Контакты сделки известны.',
  leads_created_not_in_future: 'Ни одна сделка не создана в будущем.',
  leads_names_current: 'У сделки нынешние названия её статуса, воронки и ответственного.',
  leads_outcome_by_status: 'Сделка выиграна в статусе 142, проиграна в 143, и нигде больше.',
  leads_pipeline_known: 'Воронка сделки известна.',
  leads_price_not_negative: 'Бюджет сделки не отрицателен.',
  leads_status_known: 'Статус сделки — один из статусов её воронки.',
  leads_updated_not_before_created: 'Сделка не изменена раньше, чем создана.',
  leads_year_of_creation: 'Год сделки — год её создания в настроенном часовом поясе.',
  person_in_one_company: 'Человек в одно время числится в одной компании.',
  responsible_user_known: 'Ответственный за запись — пользователь с известным именем.',
  silver_rejects_share: 'Отложено мало строк Bronze в пересчёте.',
  status_changes_status_known: 'Статус, в который перешла сделка, известен.',
  tasks_created_not_in_future: 'Ни одна задача не создана в будущем.',
  tasks_entity_known: 'То, к чему относится задача, известно.',
  tasks_entity_type_known: 'Задача относится к сделке, контакту, компании или покупателю, или ни к чему.',
  tasks_type_known: 'Тип задачи известен.',
  tasks_updated_not_before_created: 'Задача не изменена раньше, чем создана.',
  time_zone_data: 'Движок знает, что Казахстан 2024-03-01 перешёл с UTC+6 на UTC+5.',
  users_masked: 'E-mail пользователя замаскирован по privacy.email.',
  visits_day_loaded: 'Посещение относится к дню, о котором Alaqan спросили и чей ответ приняли.',
  visits_event_known: 'Посещение — вход или выход.',
  visits_masked: 'ИИН посещения замаскирован по privacy.iin.',
  visits_not_in_future: 'Ни одно посещение не стоит на дне, который ещё не наступил.',
  visits_time_of_day: 'Время посещения — время его дня: стенные часы и момент, который им отвечает.',
}
