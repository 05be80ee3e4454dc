import type { JsonObject } from '../../json.js'

export const wonStatus = 142
export const lostStatus = 143

/** A pipeline of the generated account. */
export interface Pipeline {
  readonly id: number
  readonly name: string
  /** Its own statuses in order; the first is where unsorted leads lie. 142 and 143 follow. */
  readonly statuses: readonly (readonly [id: number, name: string])[]
  readonly wonName: string
  readonly lostName: string
  /** A usual price in tenge. */
  readonly price: number
  /** What share of the leads comes in here. */
  readonly share: number
  /** How a lead is called: a verb's noun before the company's name. */
  readonly leadName: string
}

export const pipelines: readonly Pipeline[] = [
  {
    id: 3_300_001,
    name: 'Резидентство',
    statuses: [
      [33_000_001, 'Неразобранное'],
      [33_000_002, 'Первичный контакт'],
      [33_000_003, 'Анкета получена'],
      [33_000_004, 'Проверка документов'],
      [33_000_005, 'Экспертный совет'],
      [33_000_006, 'Подписание договора'],
    ],
    wonName: 'Успешно реализовано',
    lostName: 'Закрыто и не реализовано',
    price: 450_000,
    share: 0.5,
    leadName: 'Заявка на резидентство',
  },
  {
    id: 3_300_002,
    name: 'Акселерация',
    statuses: [
      [33_100_001, 'Неразобранное'],
      [33_100_002, 'Заявка'],
      [33_100_003, 'Отбор'],
      [33_100_004, 'Интервью'],
      [33_100_005, 'Обучение'],
      [33_100_006, 'Демо-день'],
      [33_100_007, 'Инвестор'],
    ],
    wonName: 'Выпускник программы',
    lostName: 'Отказ',
    price: 1_500_000,
    share: 0.3,
    leadName: 'Акселератор',
  },
  {
    id: 3_300_003,
    name: 'Аренда офиса',
    statuses: [
      [33_200_001, 'Неразобранное'],
      [33_200_002, 'Новый запрос'],
      [33_200_003, 'Показ помещения'],
      [33_200_004, 'Коммерческое предложение'],
      [33_200_005, 'Келісімшарт (договор)'],
    ],
    wonName: 'Успешно реализовано',
    lostName: 'Закрыто и не реализовано',
    price: 900_000,
    share: 0.2,
    leadName: 'Аренда офиса',
  },
]

const colors = ['#c1c1c1', '#99ccff', '#ffff99', '#ffcc66', '#ffcccc', '#ccc8f9', '#deff81'] as const

/** The pipelines as `/api/v4/leads/pipelines` lists them. */
export function pipelineRecords(accountId: number): JsonObject[] {
  return pipelines.map((pipeline, index) => {
    const status = (id: number, name: string, sort: number, type: number, color: string): JsonObject => ({
      id,
      name,
      sort,
      is_editable: id !== wonStatus && id !== lostStatus && type === 0,
      pipeline_id: pipeline.id,
      color,
      type,
      account_id: accountId,
    })
    return {
      id: pipeline.id,
      name: pipeline.name,
      sort: index + 1,
      is_main: index === 0,
      is_unsorted_on: true,
      is_archive: false,
      account_id: accountId,
      _embedded: {
        statuses: [
          ...pipeline.statuses.map(([id, name], at) =>
            status(id, name, 10 * (at + 1), at === 0 ? 1 : 0, colors[at % colors.length] ?? '#c1c1c1'),
          ),
          status(wonStatus, pipeline.wonName, 10_000, 0, '#CCFF66'),
          status(lostStatus, pipeline.lostName, 11_000, 0, '#D5D8DB'),
        ],
      },
    }
  })
}
