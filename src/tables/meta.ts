/**
 * Meta: the ledger, what was set aside, the conservation of rows, checks, what the models have taken in, the shape of
 * the sources, and erasures (contract "Tables").
 */
import { column, extraColumn, type Table } from './table.js'

const loadId = column('load_id', 'string', 'загрузка', 'load')

export const metaLoads = {
  schema: 'meta',
  name: 'loads',
  comment: {
    ru: 'Журнал загрузок: что прочитано и за какой период',
    en: 'Ledger of loads: what was read, and for which window',
  },
  key: ['load_id'],
  partitionBy: [],
  columns: [
    loadId,
    column('source', 'string', 'alaqan или amocrm', 'alaqan or amocrm'),
    column('entity', 'string', 'что загружено', 'what was loaded'),
    column('window', 'string', 'период, от и до', 'window, from and to'),
    column('status', 'string', 'loaded', 'loaded'),
    column('rows', 'bigint', 'строк добавлено в Bronze', 'rows added to Bronze'),
    column('rejects', 'bigint', 'записей отложено', 'records set aside'),
    column('started_at', 'timestamp', 'начало', 'start'),
    column('loaded_at', 'timestamp', 'момент загрузки', 'when it was loaded'),
    extraColumn('table_name', 'string', 'таблица Bronze', 'Bronze table'),
    extraColumn('received', 'bigint', 'записей получено', 'records received'),
    extraColumn('unchanged', 'bigint', 'не изменилось, не сохранено повторно', 'unchanged, not stored again'),
    extraColumn('inferred', 'bigint', 'строк об исчезнувших записях', 'rows on records that are gone'),
    extraColumn(
      'mode',
      'string',
      'как прочитано: by_date, by_iin, everything, changes, asked, asked_restored, events',
      'how it was read: by_date, by_iin, everything, changes, asked, asked_restored, events',
    ),
    extraColumn(
      'missing',
      'bigint',
      'известных записей, которых в полном чтении не было',
      'known records that a whole reading did not hold',
    ),
    extraColumn('requests', 'bigint', 'запросов', 'requests'),
    extraColumn(
      'watermark',
      'bigint',
      'прочитано всё до этого момента, Unix-секунды',
      'everything is read until this instant, Unix seconds',
    ),
  ],
} as const satisfies Table

export const metaAlaqanAnswers = {
  schema: 'meta',
  name: 'alaqan_answers',
  comment: {
    ru: 'Каждый ответ Alaqan, также пустой и неизменившийся: по нему Silver знает, какой новее',
    en: 'Every answer of Alaqan, also empty and unchanged ones: it tells Silver which is the newest',
  },
  key: [],
  partitionBy: [],
  columns: [
    loadId,
    column('endpoint', 'string', 'byDate или byIin', 'byDate or byIin'),
    column('visit_date', 'date', 'день', 'day'),
    column('answered_at', 'timestamp', 'когда получен', 'when it was received'),
    column('digest', 'string', 'хеш содержимого', 'hash of the content'),
    column('events', 'bigint', 'событий', 'events'),
    column('people', 'bigint', 'людей', 'people'),
    column('verdict', 'string', 'accepted, unchanged или held', 'accepted, unchanged or held'),
    column('rows_load_id', 'string', 'в какой загрузке лежат его строки', 'the load that holds its rows'),
  ],
} as const satisfies Table

export const metaRejects = {
  schema: 'meta',
  name: 'rejects',
  comment: {
    ru: 'Отложенные записи с причиной; персональные данные замаскированы',
    en: 'Records set aside, with the reason; personal data masked',
  },
  key: [],
  partitionBy: [],
  columns: [
    loadId,
    column(
      'table_name',
      'string',
      'таблица, куда запись не попала',
      'the table that the record did not reach',
    ),
    column('rule', 'string', 'правило', 'rule'),
    column('detail', 'string', 'подробность', 'detail'),
    column('record', 'string', 'запись, замаскированный JSON', 'the record, masked JSON'),
    column('rejected_at', 'timestamp', 'когда отложена', 'when it was set aside'),
    extraColumn(
      'scope',
      'string',
      'интервал Silver, которому запись принадлежит',
      'the interval of Silver that it belongs to',
    ),
    extraColumn(
      'origin',
      'string',
      'где оригинал: ответ и место в архиве загрузки',
      "where the original is: answer and position in the load's archive",
    ),
  ],
} as const satisfies Table

export const metaReconciliation = {
  schema: 'meta',
  name: 'reconciliation',
  comment: { ru: 'Закон сохранения строк', en: 'The law of conservation of rows' },
  key: [],
  partitionBy: [],
  columns: [
    column('table_name', 'string', 'таблица', 'table'),
    column('load_id', 'string', 'загрузка, для Bronze', 'load, for Bronze'),
    column('reconciled_at', 'timestamp', 'когда', 'when'),
    column(
      'received',
      'bigint',
      'получено: записей API или строк Bronze',
      'received: records of the API or rows of Bronze',
    ),
    column('stored', 'bigint', 'строк в таблице', 'rows in the table'),
    column('unchanged', 'bigint', 'не изменилось', 'unchanged'),
    column('superseded', 'bigint', 'заменено новее или повтор', 'superseded or duplicate'),
    column('rejected', 'bigint', 'отложено', 'set aside'),
    column('erased', 'bigint', 'стёртых людей', "erased people's"),
    column('difference', 'bigint', 'расхождение, должно быть 0', 'difference, must be 0'),
  ],
} as const satisfies Table

export const metaModelLoads = {
  schema: 'meta',
  name: 'model_loads',
  comment: { ru: 'Какие загрузки модель уже учла', en: 'Which loads a model has taken in' },
  key: ['model', 'load_id'],
  partitionBy: [],
  columns: [
    column('model', 'string', 'модель', 'model'),
    loadId,
    column('built_at', 'timestamp', 'когда', 'when'),
  ],
} as const satisfies Table

export const metaPendingScopes = {
  schema: 'meta',
  name: 'pending_scopes',
  comment: {
    ru: 'Что модели предстоит пересчитать: изменено выше по течению',
    en: 'What a model has yet to rebuild: changed upstream',
  },
  key: [],
  partitionBy: [],
  columns: [
    column('model', 'string', 'модель', 'model'),
    column(
      'scope',
      'string',
      'что пересчитать: JSON-массив, * — всё',
      'what to rebuild: a JSON array, * for everything',
    ),
    column('noted_at', 'timestamp', 'когда отмечено', 'when it was noted'),
  ],
} as const satisfies Table

export const metaModels = {
  schema: 'meta',
  name: 'models',
  comment: {
    ru: 'Модели: по какому определению таблица построена',
    en: 'Models: by which definition a table was built',
  },
  key: ['model'],
  partitionBy: [],
  columns: [
    column('model', 'string', 'модель', 'model'),
    column(
      'definition',
      'string',
      'хеш SQL и настроек, на которых он стоит',
      'hash of its SQL and of the settings it rests on',
    ),
    column('built_at', 'timestamp', 'когда', 'when'),
  ],
} as const satisfies Table

export const metaTableChanges = {
  schema: 'meta',
  name: 'table_changes',
  comment: {
    ru: 'Сколько раз и когда менялись строки таблиц Silver и Gold: по этому обновляется BI',
    en: 'How often, and when, the rows of tables of Silver and Gold changed: BI is refreshed by it',
  },
  key: ['table_name'],
  partitionBy: [],
  columns: [
    column('table_name', 'string', 'таблица', 'table'),
    column('changes', 'bigint', 'сколько раз менялась', 'how often it changed'),
    column('changed_at', 'timestamp', 'когда в последний раз', 'when it last did'),
  ],
} as const satisfies Table

export const metaChecks = {
  schema: 'meta',
  name: 'checks',
  comment: {
    ru: 'Проверки: каждый прогон каждой, с итогом',
    en: 'Checks: every run of each, with its outcome',
  },
  key: [],
  partitionBy: [],
  columns: [
    column('check_name', 'string', 'проверка', 'check'),
    column('table_name', 'string', 'проверенная таблица', 'the table that was checked'),
    column('severity', 'string', 'block или warn', 'block or warn'),
    column(
      'status',
      'string',
      'passed, failed или accepted: не прошла, но человек принял данные',
      'passed, failed, or accepted: failed, and a person has taken the data as they are',
    ),
    column('failing_rows', 'bigint', 'строк, нарушивших правило', 'rows that break the rule'),
    column(
      'extent',
      'string',
      'part — изменённый интервал, all — вся таблица',
      'part: what changed; all: the whole table',
    ),
    column('checked_at', 'timestamp', 'когда', 'when'),
  ],
} as const satisfies Table

export const metaCheckFailures = {
  schema: 'meta',
  name: 'check_failures',
  comment: {
    ru: 'Строки, нарушившие проверку: первые сто, замаскированы',
    en: 'Rows that broke a check: the first hundred, masked',
  },
  key: [],
  partitionBy: [],
  columns: [
    column('check_name', 'string', 'проверка', 'check'),
    column('table_name', 'string', 'проверенная таблица', 'the table that was checked'),
    column('record', 'string', 'строка, замаскированный JSON', 'the row, masked JSON'),
    column('checked_at', 'timestamp', 'когда', 'when'),
  ],
} as const satisfies Table

export const metaSchemaFields = {
  schema: 'meta',
  name: 'schema_fields',
  comment: {
    ru: 'Поля, которые присылает API: какие, каких типов, когда видели',
    en: 'Fields that the APIs send: which, of what types, when they were seen',
  },
  key: ['source', 'entity', 'field'],
  partitionBy: [],
  columns: [
    column('source', 'string', 'alaqan или amocrm', 'alaqan or amocrm'),
    column('entity', 'string', 'сущность', 'entity'),
    column('field', 'string', 'поле, вложенное через точку', 'field, nested ones after a dot'),
    column('types', 'array<string>', 'типы JSON, кроме null', 'types of JSON besides null'),
    column(
      'is_steady',
      'boolean',
      'было в каждой записи, от первой до последней с ним',
      'was in every record from the first that had it to the last',
    ),
    column(
      'records_with',
      'bigint',
      'записей с этим полем с его появления',
      'records that had it since it came or came back',
    ),
    column(
      'records_without',
      'bigint',
      'записей подряд без этого поля',
      'records in a row that came without it',
    ),
    column('first_seen_at', 'timestamp', 'впервые', 'first seen'),
    column('last_seen_at', 'timestamp', 'последний раз', 'last seen'),
  ],
} as const satisfies Table

export const metaSchemaChanges = {
  schema: 'meta',
  name: 'schema_changes',
  comment: {
    ru: 'Изменения в ответах API: поле появилось, пропало, сменило тип',
    en: 'Changes in what the APIs send: a field was added, dropped, or changed its type',
  },
  key: [],
  partitionBy: [],
  columns: [
    column('source', 'string', 'alaqan или amocrm', 'alaqan or amocrm'),
    column('entity', 'string', 'сущность', 'entity'),
    column('field', 'string', 'поле, вложенное через точку', 'field, nested ones after a dot'),
    column('change', 'string', 'added, dropped или type_changed', 'added, dropped or type_changed'),
    column('types_before', 'array<string>', 'типы до', 'types before'),
    column('types_after', 'array<string>', 'типы после', 'types after'),
    loadId,
    column('noticed_at', 'timestamp', 'когда замечено', 'when it was noticed'),
  ],
} as const satisfies Table

export const metaErasures = {
  schema: 'meta',
  name: 'erasures',
  comment: {
    ru: 'Стирания по требованию: что стёрто, без самого человека',
    en: 'Erasures on demand: what was erased, without the person',
  },
  key: [],
  partitionBy: [],
  columns: [
    column('kind', 'string', 'iin или contact', 'iin or contact'),
    column(
      'subject_hash',
      'string',
      'HMAC под privacy.erasure_key: по нему человека узнают, если он придёт снова',
      'HMAC under privacy.erasure_key: by it the person is known should the source send them again',
    ),
    column('erased', 'string', 'сколько чего стёрто, JSON', 'how much of what was erased, JSON'),
    column('erased_at', 'timestamp', 'когда', 'when'),
    extraColumn(
      'marks',
      'string',
      'другие хеши, по которым человека узнают (телефоны, e-mail, имя), JSON',
      'other hashes by which the person is known (phones, e-mails, name), JSON',
    ),
    extraColumn('key_fingerprint', 'string', 'отпечаток ключа стирания', 'fingerprint of the erasure key'),
  ],
} as const satisfies Table

export const metaTables = [
  metaLoads,
  metaAlaqanAnswers,
  metaRejects,
  metaReconciliation,
  metaModelLoads,
  metaPendingScopes,
  metaModels,
  metaTableChanges,
  metaChecks,
  metaCheckFailures,
  metaSchemaFields,
  metaSchemaChanges,
  metaErasures,
] as const satisfies readonly Table[]
