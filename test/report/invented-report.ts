/** Invented reports: a small one that a person can add up, and one as great as a decade can make it. */
import { addDays } from '../../src/calendar.js'
import type { ReportData } from '../../src/report/report-data.js'
import { putTogether } from '../../src/report/report-data.js'
import { monthsKnown } from '../../src/report/report-period.js'

/** January 2025 is under way. */
export const january = 2025 * 12

/** Two working days and a Saturday in December, two pipelines, two managers. */
export const smallReport: ReportData = {
  language: 'ru',
  madeAt: Date.parse('2025-01-10T03:00:00Z'),
  madeMonth: january,
  timeZone: 'Asia/Almaty',
  currency: 'KZT',
  state: { state: 'ok', sources: [], steps: [], checksPassed: 3, checks: [] },
  attendance: {
    // A Thursday.
    firstDay: '2024-12-05',
    days: [
      [0, 10, 8, 6400],
      [1, 20, 19, 15_205],
      [2, 3, 0, 0],
      [28, 5, 5, 4000],
    ],
    unknownDays: [[4, 6]],
    months: [
      [january - 1, 25],
      [january, 5],
    ],
    arrivals: [
      [january - 1, 4, 9, 10],
      [january - 1, 5, 9, 12],
      [january - 1, 5, 10, 8],
      [january, 4, 9, 5],
    ],
  },
  sales: {
    funnel: {
      pipelines: [
        {
          id: 7,
          name: 'Резидентство',
          statuses: [
            { name: 'Новая', place: 10, kind: 'open' },
            { name: 'В работе', place: 20, kind: 'open' },
            { name: 'Успешно', place: 10_000, kind: 'won' },
            { name: 'Отказ', place: 11_000, kind: 'lost' },
            { name: null, place: null, kind: 'open' },
          ],
        },
        { id: 9, name: 'Аренда', statuses: [{ name: 'Успешно', place: 10_000, kind: 'won' }] },
      ],
      rows: [
        [january - 2, 0, 0, 1, 50],
        [january - 1, 0, 0, 4, 100],
        [january - 1, 0, 1, 3, 200],
        [january - 1, 0, 2, 2, 700],
        [january - 1, 0, 3, 1, 0],
        [january - 1, 0, 4, 1, 5],
        [january, 0, 2, 1, 10],
        [january - 1, 1, 0, 6, 900],
      ],
    },
    stages: [
      [january - 1, 0, 0, 5, 4, 2, 1, 150],
      [january, 0, 0, 2, 1, 0, 1, 250],
    ],
    managers: {
      managers: [
        { id: 100, name: 'Айгерим' },
        { id: 200, name: 'Павел' },
      ],
      others: 0,
      rows: [
        [january - 1, 0, 9, 3, 1, 600, 12, 10],
        [january, 0, 1, 1, 0, 10, 2, 20],
        [january - 1, 1, 5, 0, 2, 0, 4, null],
      ],
    },
    clients: {
      companies: 3,
      withLeads: 2,
      withWon: 1,
      returning: 0,
      revenue: 610,
      top: [{ name: 'ТОО «Дала»', leads: 2, won: 1, lost: 0, revenue: 610, lastDeal: '2024-12-31' }],
    },
  },
  residents: undefined,
}

/** Numbers up to a given one, most of them as long as it is: the same ones each time. */
function numbers(): (most: number) => number {
  let state = 1
  return most => {
    state = (state * 48_271) % 2_147_483_647
    return 1 + (state % most)
  }
}

/** Every list as long as it can be, in each of eleven years: what the file's size is judged by. */
export function greatestReport(): ReportData {
  const months = Array.from({ length: monthsKnown }, (_, index) => january - monthsKnown + 1 + index)
  const firstDay = '2014-02-01'
  const dayCount = Math.round((Date.parse('2025-01-10') - Date.parse(firstDay)) / 86_400_000)
  const name = (index: number) => `ТОО «Очень длинное название компании номер ${index}, город Астана»`
  const up = numbers()
  const range = (length: number) => Array.from({ length }, (_, index) => index)
  return {
    ...smallReport,
    madeMonth: january,
    attendance: {
      firstDay,
      days: range(dayCount).map(day => [day, up(9999), up(9999), up(9_999_999)]),
      unknownDays: range(100).map(index => [index * 30, index * 30 + 2]),
      months: months.map(month => [month, up(9999)]),
      arrivals: months.flatMap(month =>
        range(7).flatMap(weekday => range(24).map(hour => [month, weekday + 1, hour, up(9999)] as const)),
      ),
    },
    sales: {
      funnel: {
        pipelines: range(15).map(index => ({
          id: index === 14 ? putTogether : 1_000_000 + index,
          name: name(index),
          statuses: range(12).map(place => ({
            name: name(place),
            place,
            kind: place === 10 ? 'won' : place === 11 ? 'lost' : 'open',
          })),
        })),
        rows: months.flatMap(month =>
          range(15).flatMap(pipeline =>
            range(12).map(status => [month, pipeline, status, up(999), up(1_234_567_890)] as const),
          ),
        ),
      },
      stages: months.flatMap(month =>
        range(15).flatMap(pipeline =>
          range(12).map(
            status => [month, pipeline, status, up(99), up(88), up(77), up(66), up(1234)] as const,
          ),
        ),
      ),
      managers: {
        managers: range(150).map(index => ({ id: 1_000_000 + index, name: `Фамилия Имя Отчество ${index}` })),
        others: 400,
        rows: months.flatMap(month =>
          // Nobody works for eleven years: a third of them at any time.
          range(50).map(
            index =>
              [
                month,
                (index + month) % 150,
                up(99),
                up(88),
                up(77),
                up(1_234_567_890),
                up(999),
                up(99),
              ] as const,
          ),
        ),
      },
      clients: {
        companies: 99_999,
        withLeads: 88_888,
        withWon: 77_777,
        returning: 6666,
        revenue: 9_999_999_999_999,
        top: range(50).map(index => ({
          name: name(index),
          leads: up(999),
          won: 99,
          lost: 99,
          revenue: up(9_999_999_999),
          lastDeal: addDays(firstDay, index),
        })),
      },
    },
    residents: {
      companies: {
        residents: {
          companies: up(999),
          withLeads: up(999),
          leads: up(9999),
          won: up(999),
          revenue: 999_999_999_999,
        },
        others: {
          companies: up(999),
          withLeads: up(999),
          leads: up(9999),
          won: up(999),
          revenue: 999_999_999_999,
        },
        top: range(30).map(index => ({
          name: name(index),
          leads: up(999),
          won: up(99),
          revenue: up(9_999_999_999),
        })),
      },
      leads: months.flatMap(month =>
        range(15).flatMap(pipeline =>
          ([0, 1] as const).map(
            group => [month, pipeline, group, up(999), up(99), up(99), up(1_234_567_890)] as const,
          ),
        ),
      ),
      attendance: {
        companies: range(30).map(index => ({ name: name(index), kind: 'company' })),
        others: 500,
        rows: months.flatMap(month =>
          range(30).map(company => [month, company, up(9999), up(999_999)] as const),
        ),
      },
    },
  }
}
