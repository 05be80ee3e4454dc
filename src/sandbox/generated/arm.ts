/**
 * Tables as ARM would have them, fitting a generated world: the report on residents by month, users, and who of them
 * belongs to which company. Companies are those of the CRM and some that it does not know; people are those at the gate
 * and some that never come. All numbers are invented.
 */
import type { Day } from '../../calendar.js'
import { addDays, daysBetween } from '../../calendar.js'
import { type Draw, drawing, integer, pick, Stream } from './draw.js'
import { type GeneratedOptions, generatedGround } from './generated-ground.js'
import { companyNumber, personNumber } from './identity-numbers.js'
import { companyWords } from './names.js'

export interface ArmTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** Each table under the name that ARM gives it. */
export interface ArmTables {
  readonly service_report_v2: ArmTable
  readonly account_user: ArmTable
  readonly account_usercompany: ArmTable
}

interface Company {
  readonly name: string
  readonly bin: string
}

const Question = {
  isResident: 1,
  size: 2,
  joined: 3,
  left: 4,
  isKnown: 5,
  employer: 6,
  second: 7,
  moved: 8,
  since: 9,
  month: 20,
} as const

/** Companies that ARM knows and the CRM does not. */
const strangers = 12
/** Users who never pass the gate, a share of those who do. */
const absentees = 0.1

/** The tables of ARM for the world that the same options make. */
export function generatedArm(options: GeneratedOptions = {}): ArmTables {
  const { seed = 1, people = 60 } = options
  const { from, to, companies, scale } = generatedGround(options)
  const draw = drawing(seed, Stream.arm)
  const known = residents(draw, scale.companies, companies)
  const all = [...known, ...newcomers(seed, draw)]
  const months = monthsBetween(from, to)
  const report = all.flatMap((company, ordinal) => reportOf(company, ordinal, months, draw))
  const users = usersOf(drawing(seed, Stream.person), draw, people)
  return {
    service_report_v2: {
      columns: [
        'company_tin',
        'company_name',
        'report_month',
        'residency_status',
        'revenue',
        'employees',
        'taxes',
      ],
      rows: report,
    },
    account_user: { columns: ['id', 'iin'], rows: users.map(({ id, iin }) => [id, iin]) },
    account_usercompany: {
      columns: ['id', 'user_id', 'bin', 'valid_from', 'valid_to'],
      rows: users
        .flatMap(user => membershipsOf(user.id, all, draw, { from, to }))
        .map((row, index) => [index + 1, ...row]),
    },
  }
}

/** About half of the companies whose number is known, each number once. */
function residents(
  draw: Draw,
  count: number,
  companies: { nameOf(company: number): string; numberOf(company: number): string | undefined },
): readonly Company[] {
  const byNumber = new Map<string, Company>()
  for (let company = 0; company < count; company += 1) {
    const bin = companies.numberOf(company)
    if (bin === undefined || byNumber.has(bin) || draw(company, Question.isResident) > 0.5) continue
    byNumber.set(bin, { bin, name: companies.nameOf(company) })
  }
  return [...byNumber.values()]
}

function newcomers(seed: number, draw: Draw): readonly Company[] {
  const number: Draw = drawing(seed ^ 0x5bd1e995, Stream.arm)
  return Array.from({ length: strangers }, (_, ordinal) => ({
    bin: companyNumber(number, ordinal),
    name: `ТОО «${companyWords(draw, 1_000_000 + ordinal)}»`,
  }))
}

/** A company's rows: from the month it joined, some until they have left the technopark. */
function reportOf(
  { bin, name }: Company,
  ordinal: number,
  months: readonly string[],
  draw: Draw,
): readonly (readonly (string | number)[])[] {
  const joined = Math.max(0, Math.floor((draw(ordinal, Question.joined) - 0.7) * 3 * months.length))
  const leaves = draw(ordinal, Question.left) < 0.15
  const left = leaves
    ? joined + 1 + integer(draw(ordinal, Question.left) / 0.15, months.length)
    : months.length
  const staff = 2 + integer(draw(ordinal, Question.size) ** 3, 120)
  return months.slice(joined).map((month, index) => {
    const isGone = joined + index >= left
    const mood = 0.6 + 0.8 * draw(ordinal, Question.month + index)
    const revenue = isGone ? 0 : Math.round(staff * 900_000 * mood)
    const employees = isGone ? 0 : Math.max(1, Math.round(staff * (0.9 + 0.01 * index)))
    const taxes = Math.round(revenue * 0.04)
    return [asSpreadsheet(bin), name, month, isGone ? 'Исключён' : 'Резидент', revenue, employees, taxes]
  })
}

/** A spreadsheet takes a БИН for a number, and its leading zeros away. */
function asSpreadsheet(bin: string): string {
  return bin.replace(/^0+/, '')
}

interface User {
  readonly id: number
  readonly iin: string
}

/** Most of the people at the gate, and some who are never there. */
function usersOf(person: Draw, draw: Draw, people: number): readonly User[] {
  return Array.from({ length: Math.ceil(people * (1 + absentees)) }, (_, ordinal) => ordinal)
    .filter(ordinal => ordinal >= people || draw(ordinal, Question.isKnown) < 0.88)
    .map(ordinal => ({ id: 7_001 + ordinal, iin: personNumber(person, ordinal) }))
}

/** One company for most; some have left one for another, some are in two at once. */
function membershipsOf(
  user: number,
  companies: readonly Company[],
  draw: Draw,
  { from, to }: { readonly from: Day; readonly to: Day },
): readonly (readonly (string | number)[])[] {
  if (companies.length === 0) return []
  const employer = (question: number) => asSpreadsheet(pick(companies, draw(user, question) ** 2).bin)
  const since = addDays(from, -integer(draw(user, Question.since), 700))
  if (draw(user, Question.moved) < 0.1) {
    const last = addDays(from, integer(draw(user, Question.moved) / 0.1, daysBetween(from, to) + 1))
    return [
      [user, employer(Question.employer), since, last],
      [user, employer(Question.second), addDays(last, 1), ''],
    ]
  }
  const first = [user, employer(Question.employer), since, '']
  return draw(user, Question.second) < 0.08
    ? [first, [user, employer(Question.moved), addDays(from, 10), '']]
    : [first]
}

/** `2025-01` and so on. */
function monthsBetween(from: Day, to: Day): readonly string[] {
  const months: string[] = []
  for (let day = from; day.slice(0, 7) <= to.slice(0, 7); day = addDays(`${day.slice(0, 7)}-28`, 4)) {
    months.push(day.slice(0, 7))
  }
  return months
}
