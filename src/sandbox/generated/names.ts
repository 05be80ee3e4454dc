/** Invented people and companies, in Russian and Kazakh as they stand side by side in Astana. */
import { type Draw, integer, pick } from './draw.js'

const men = [
  'Айдар',
  'Нұрлан',
  'Ерлан',
  'Дәурен',
  'Бауыржан',
  'Тимур',
  'Санжар',
  'Алихан',
  'Мирас',
  'Әділет',
  'Қайрат',
  'Арман',
  'Иван',
  'Сергей',
  'Дмитрий',
  'Алексей',
  'Павел',
  'Руслан',
  'Виктор',
  'Максим',
] as const
const women = [
  'Айгүл',
  'Динара',
  'Сәуле',
  'Мадина',
  'Жанар',
  'Гүлнұр',
  'Әсел',
  'Камила',
  'Томирис',
  'Айым',
  'Назерке',
  'Ботагөз',
  'Анна',
  'Ольга',
  'Елена',
  'Марина',
  'Татьяна',
  'Юлия',
  'Ксения',
  'Вера',
] as const
/** The masculine and the feminine form. */
const surnames = [
  ['Ахметов', 'Ахметова'],
  ['Нұрпейісов', 'Нұрпейісова'],
  ['Сейтқали', 'Сейтқали'],
  ['Қасымбеков', 'Қасымбекова'],
  ['Оспанов', 'Оспанова'],
  ['Жұмабаев', 'Жұмабаева'],
  ['Төлегенов', 'Төлегенова'],
  ['Әбенов', 'Әбенова'],
  ['Бекмұратов', 'Бекмұратова'],
  ['Исқақ', 'Исқақ'],
  ['Сүлейменов', 'Сүлейменова'],
  ['Дүйсенбай', 'Дүйсенбай'],
  ['Иванов', 'Иванова'],
  ['Петренко', 'Петренко'],
  ['Соколов', 'Соколова'],
  ['Ким', 'Ким'],
  ['Цой', 'Цой'],
  ['Мельник', 'Мельник'],
  ['Орлов', 'Орлова'],
  ['Захаров', 'Захарова'],
  ['Шмидт', 'Шмидт'],
  ['Хван', 'Хван'],
  ['Лебедев', 'Лебедева'],
  ['Гаврилюк', 'Гаврилюк'],
] as const

const firstWords = [
  'Алатау',
  'Сарыарқа',
  'Тұлпар',
  'Цифра',
  'Степь',
  'Шаңырақ',
  'Байтерек',
  'Кибер',
  'Орда',
  'Нұр',
  'Барыс',
  'Қыран',
  'Вектор',
  'Смарт',
  'Самал',
  'Дала',
  'Жетісу',
  'Есіл',
  'Хан-Тәңірі',
  'Логика',
  'Аспан',
  'Меридиан',
  'Комета',
  'Ақбұлақ',
] as const
const secondWords = [
  'Тех',
  'Софт',
  'Дата',
  'Логистик',
  'Лаб',
  'Роботикс',
  'Агро',
  'Финтех',
  'Медиа',
  'Эдтех',
  'Геймс',
  'Био',
  'Клауд',
  'ИИ',
  'Дизайн',
  'Сервис',
  'Энерго',
  'Мобайл',
] as const
const thirdWords = [
  '',
  '',
  '',
  ' Групп',
  ' Центр',
  ' Қазақстан',
  ' Плюс',
  ' Астана',
  ' Системс',
  ' Консалтинг',
] as const

/** Names that have broken something somewhere: quotes, line breaks, emoji, markup, right-to-left text. */
const awkward = [
  '🚀 ',
  '"',
  '<b>',
  "'; drop table leads; --",
  'שלום ',
  'строка 1\nстрока 2 ',
  '👩🏽‍💻 ',
  '\t',
] as const

export interface PersonName {
  readonly first: string
  readonly last: string
  readonly isWoman: boolean
}

/** A person's name. Questions 800 to 809 of the draw are used. */
export function personName(draw: Draw, ordinal: number): PersonName {
  const isWoman = draw(ordinal, 800) < 0.5
  const [masculine, feminine] = pick(surnames, draw(ordinal, 802))
  return {
    first: pick(isWoman ? women : men, draw(ordinal, 801)),
    last: isWoman ? feminine : masculine,
    isWoman,
  }
}

/** A company's name without its legal form. Questions 810 to 819 are used. */
export function companyWords(draw: Draw, ordinal: number): string {
  const number = draw(ordinal, 813) < 0.15 ? ` ${2 + integer(draw(ordinal, 814), 98)}` : ''
  return `${pick(firstWords, draw(ordinal, 810))} ${pick(secondWords, draw(ordinal, 811))}${pick(thirdWords, draw(ordinal, 812))}${number}`
}

/** The name with something awkward before it, for one record in two hundred. Questions 820 and 821 are used. */
export function sometimesAwkward(name: string, draw: Draw, ordinal: number): string {
  return draw(ordinal, 820) < 0.005 ? pick(awkward, draw(ordinal, 821)) + name : name
}

const latin: Readonly<Record<string, string>> = {
  а: 'a',
  ә: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ғ: 'g',
  д: 'd',
  е: 'e',
  ё: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'i',
  к: 'k',
  қ: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  ң: 'n',
  о: 'o',
  ө: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ұ: 'u',
  ү: 'u',
  ф: 'f',
  х: 'h',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sch',
  ы: 'y',
  і: 'i',
  э: 'e',
  ю: 'yu',
  я: 'ya',
}

const knownInLatin = new Map<string, string>()

/** A Cyrillic name in Latin letters, lower-case, as it stands in an e-mail address. Names are few: each is kept. */
export function inLatin(name: string): string {
  const known = knownInLatin.get(name)
  if (known !== undefined) return known
  const written = [...name.toLowerCase()].map(letter => latin[letter] ?? '').join('')
  knownInLatin.set(name, written)
  return written
}
