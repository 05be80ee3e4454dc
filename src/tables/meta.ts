/** Meta: the ledger, what was set aside, the conservation of rows, and what the models have taken in (contract "Tables"). */
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

export const metaTables = [
  metaLoads,
  metaAlaqanAnswers,
  metaRejects,
  metaReconciliation,
  metaModelLoads,
  metaPendingScopes,
  metaModels,
] as const satisfies readonly Table[]
