import type { Cause, CauseOf } from './cause.js'
import { acceptDay, commandsAfter, sourceName, type Wording } from './wording.js'

/** What happened, by the error's code. */
const sentences: Readonly<Record<string, string>> = {
  account_not_paid: 'Аккаунт не оплачен.',
  address_not_allowed: 'Адреса этой машины нет среди разрешённых в аккаунте.',
  blocked: 'Источник временно заблокировал программу: запросов было слишком много.',
  bug: 'Произошло то, чего быть не должно: сообщите об этом разработчикам с выводом --verbose.',
  check_invalid: 'Ваша собственная проверка написана не по правилам.',
  credential_rejected: 'Ключ или токен не принимается: он неверен, истёк или отозван.',
  disk_full: 'Диск переполнен.',
  forbidden: 'Токену не хватает прав.',
  integration_rejected: 'amoCRM не принимает интеграцию: неверен client_id или client_secret.',
  locked: 'Этим уже занят другой процесс.',
  memory_full: 'Для сборки таблиц не хватило памяти.',
  malformed_answer: 'Источник ответил не тем, о чём договорено.',
  not_authorized: 'Нет токена amoCRM: нужна авторизация человеком.',
  not_writable: 'Файл или папка недоступны для записи: нет прав.',
  publish_credential_rejected: 'Место публикации нас не пускает.',
  publish_quota: 'Исчерпаны обновления, которые Power BI разрешает за сутки.',
  publish_refused: 'Место публикации отказывается делать то, о чём его просят.',
  publish_unavailable: 'Место публикации не отвечает.',
  redirected: 'Адрес из настроек ведёт в другое место.',
  refresh_token_rejected: 'amoCRM больше не принимает refresh-токен: нужна новая авторизация человеком.',
  rows_unaccounted: 'Получены строки, которых нет ни в хранилище, ни среди отложенных: ничего не принято.',
  source_unavailable: 'Источник не отвечает.',
  told_to_wait: 'Источник просит не обращаться к нему некоторое время.',
  warehouse_locked: 'Хранилище занято другим процессом.',
  warehouse_missing: 'Хранилища нет там, где указано в настройках.',
  warehouse_unreadable: 'Хранилище не открывается.',
}

/** Where the code has no sentence: what the exit code means. */
function family(exitCode: number): string {
  switch (exitCode) {
    case 1:
      return 'Произошло то, чего быть не должно: сообщите об этом разработчикам.'
    case 2:
      return 'Нужно поправить настройки или установку.'
    case 4:
      return 'Данные не прошли проверку, которая не пускает дальше неверные числа.'
    case 5:
      return 'Ключ или токен должен поправить человек.'
    default:
      return 'Что-то сейчас недоступно; может помочь повтор позже.'
  }
}

const plurals = new Intl.PluralRules('ru')

/** `3 строки`. @param forms for one, a few, many */
function counted(count: number, [one, few, many]: readonly [string, string, string]): string {
  const category = plurals.select(count)
  return `${count} ${category === 'one' ? one : category === 'few' ? few : many}`
}

function checkItem({ check, table, failingRows }: CauseOf<'check_failed'>): string {
  return `${check}, ${table}: ${counted(failingRows, ['строка', 'строки', 'строк'])}`
}

function ofCause(cause: Cause): string {
  switch (cause.kind) {
    case 'run_failed':
      return `${cause.subject === 'all' ? `hubdwh ${cause.command}` : sourceName(cause.subject)} (${cause.code})`
    case 'check_failed':
      return `проверка ${cause.check}, ${cause.table}`
    case 'sweep_stopped':
      return `сверка ${cause.entity}`
    case 'not_published':
      return `публикация: ${cause.place}`
    case 'day_held':
      return cause.day
    case 'token_ends':
      return `токен ${sourceName(cause.source)}`
  }
}

export const wordingRu: Wording = {
  runFailed: cause => ({
    title:
      cause.subject === 'all'
        ? `Команда «hubdwh ${cause.command}» не выполнена`
        : `${sourceName(cause.subject)}: загружено или построено не всё`,
    sentences: [
      sentences[cause.code] ?? family(cause.exitCode),
      `Ошибка ${cause.code}, код выхода ${cause.exitCode}, команда «hubdwh ${cause.command}».`,
    ],
    items: cause.entities,
    commands: commandsAfter(cause),
  }),
  checksBlock: causes => ({
    title:
      causes.length === 1
        ? 'Не пройдена проверка'
        : `Не пройдено: ${counted(causes.length, ['проверка', 'проверки', 'проверок'])}`,
    sentences: ['То, что они охраняют, осталось прежним: витрины показывают последнее верное состояние.'],
    items: causes.map(checkItem),
    commands: ['hubdwh quality'],
  }),
  checksWarn: causes => ({
    title:
      causes.length === 1
        ? 'Предупреждение проверки'
        : `Предупреждают: ${counted(causes.length, ['проверка', 'проверки', 'проверок'])}`,
    sentences: ['Данные приняты; посмотрите на эти строки.'],
    items: causes.map(checkItem),
    commands: ['hubdwh quality'],
  }),
  sweepStopped: causes => ({
    title: 'amoCRM больше не показывает много известных записей',
    sentences: [
      'Ничего не отмечено удалённым: похоже, владелец токена лишился прав.',
      'Если записи действительно удалены, это принимает вторая команда.',
    ],
    items: causes.map(({ entity }) => entity),
    commands: ['hubdwh check', ...causes.map(({ entity }) => `hubdwh load amocrm ${entity} --full --accept`)],
  }),
  notPublished: causes => ({
    title: 'Витрины обновлены, но не везде, где их показывают',
    sentences: ['Сами данные на месте. Что обновить не удалось, следующий запуск попробует снова.'],
    items: causes.map(({ place, code }) => `${place} (${code})`),
    commands: ['hubdwh publish', 'hubdwh check'],
  }),
  daysHeld: causes => ({
    title:
      causes.length === 1
        ? 'Alaqan: день отложен'
        : `Alaqan: ${counted(causes.length, ['день отложен', 'дня отложены', 'дней отложены'])}`,
    sentences: [
      'Новый ответ об этом дне намного меньше известного. Прежний остаётся, пока следующий ответ не повторит новый или его не примет человек.',
    ],
    items: causes.map(({ day }) => day),
    commands: [acceptDay(causes.length === 1 ? causes[0]?.day : undefined, 'ДЕНЬ')],
  }),
  tokenEnds: ({ source, way, endsOn }) => ({
    title: `${sourceName(source)}: токен действует до ${endsOn}`,
    sentences: [
      way === 'token'
        ? 'После этого ничего загрузить нельзя. Создайте в amoCRM новый долгосрочный токен и внесите его в .env.'
        : 'Его обновляет каждый запуск в новый день, а этого давно не было. Если запуски его не обновят, нужна новая авторизация.',
    ],
    commands: way === 'token' ? ['hubdwh check'] : ['hubdwh auth amocrm'],
  }),
  worksAgain: (causes, quietUntil) => ({
    title: 'Снова работает',
    sentences: quietUntil ? [`Если это повторится до ${quietUntil}, нового сообщения не будет.`] : [],
    items: causes.map(ofCause),
  }),
  test: () => ({
    title: 'Проверка связи',
    sentences: ['Сюда приходят уведомления hubdwh. Ничего не случилось.'],
  }),
  andMore: count => `и ещё ${count}`,
}
