/** docs/catalogue.html: one page that needs nothing else, in both languages. */
import { metaTables } from '../tables/meta.js'
import { partitionsOf, type Schema, type Table, type Text } from '../tables/table.js'
import type { ColumnOrigin } from './column-origin.js'
import { type CatalogueColumn, catalogueEntries, type Entry } from './entries.js'
import { erdDrawing, erdTable } from './erd-drawing.js'
import { lineageOf } from './lineage.js'
import { lineageDrawing } from './lineage-drawing.js'
import { anchorOf, both, escaped, linkTo } from './markup.js'
import { pageScript } from './page-script.js'
import { pageStyle } from './page-style.js'
import { writtenBy } from './written-by.js'

/** The page, always the same for the same program. */
export async function cataloguePage(): Promise<string> {
  const entries = await catalogueEntries()
  return `<!doctype html>
<!-- Made by "npm run docs" from src/tables, models and checks. Do not edit. -->
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hubdwh: каталог данных / data catalogue</title>
<style>
${pageStyle}
</style>
</head>
<body>
<a class="skip" href="#tables">${both(text.skip)}</a>
<header>
<h1>${both(text.title)}</h1>
<p>${both(text.introduction)}</p>
</header>
<div class="bar">
<fieldset><legend>${both(text.language)}</legend>
<label><input type="radio" name="language" id="show-ru" value="ru" checked> Русский</label>
<label><input type="radio" name="language" id="show-en" value="en"> English</label></fieldset>
<search class="search"><label for="search">${both(text.search)}</label>
<input id="search" type="search" autocomplete="off" spellcheck="false"><output id="found" for="search" aria-live="polite"></output></search>
</div>
<main>
<section class="overview" aria-labelledby="overview">
<h2 id="overview">${both(text.overview)}</h2>
${overview(entries)}
</section>
<section class="overview" aria-labelledby="lineage">
<h2 id="lineage">${both(text.lineage)}</h2>
<p>${both(text.howToReadLineage)} <strong id="chosen" aria-live="polite"></strong></p>
<div class="scroll wide" tabindex="0" role="region" aria-labelledby="lineage">
${lineageDrawing(lineageOf(entries))}
</div>
</section>
<section class="overview" aria-labelledby="erd">
<h2 id="erd">${both(text.erd)}</h2>
<p>${both(text.howToReadErd)}</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="erd">
${erdDrawing()}
</div>
${erdTable()}
</section>
<div id="tables">
${schemas.map(schema => layer(schema, entries)).join('\n')}
</div>
</main>
<script>
${pageScript}
</script>
</body>
</html>
`
}

const schemas: readonly Schema[] = ['gold', 'silver', 'bronze', 'meta']

const text = {
  title: { ru: 'Каталог данных hubdwh', en: 'Data catalogue of hubdwh' },
  introduction: {
    ru: 'Каждая таблица и каждый столбец: смысл, откуда берётся, кто читает, какие проверки охраняют.',
    en: 'Every table and every column: what it means, where it comes from, who reads it, which checks guard it.',
  },
  skip: { ru: 'К таблицам', en: 'To the tables' },
  language: { ru: 'Язык', en: 'Language' },
  search: { ru: 'Поиск', en: 'Search' },
  overview: { ru: 'Обзор', en: 'Overview' },
  lineage: { ru: 'Происхождение данных', en: 'Lineage' },
  howToReadLineage: {
    ru: 'Слева направо: источники, Bronze, Silver, витрины. Щелчок по таблице показывает, из чего она сделана и что сделано из неё; Esc убирает.',
    en: 'From left to right: sources, Bronze, Silver, marts. A click on a table shows what it is made of and what is made of it; Esc ends that.',
  },
  erd: { ru: 'Связи сущностей amoCRM', en: "Relations of amoCRM's entities" },
  howToReadErd: {
    ru: '«Вилка» — много, чёрточка — один. Поля названы как в API; таблицы Silver — по ссылкам.',
    en: "A crow's foot means many, a bar one. Fields are named as in the API; the boxes lead to the tables of Silver.",
  },
  columns: { ru: 'Столбцы', en: 'Columns' },
  column: { ru: 'Столбец', en: 'Column' },
  type: { ru: 'Тип', en: 'Type' },
  meaning: { ru: 'Смысл', en: 'Meaning' },
  origin: { ru: 'Откуда', en: 'Comes from' },
  key: { ru: 'Ключ', en: 'Key' },
  noKey: { ru: 'нет: журнал', en: 'none: a log' },
  versions: { ru: 'версии записи', en: 'versions of the record' },
  partitions: { ru: 'Партиции', en: 'Partitions' },
  byMonth: { ru: 'по месяцу', en: 'by month of' },
  model: { ru: 'Модель', en: 'Model' },
  madeOf: { ru: 'Из чего', en: 'Made of' },
  readBy: { ru: 'Кто читает', en: 'Read by' },
  writtenBy: { ru: 'Кто пишет', en: 'Written by' },
  checks: { ru: 'Проверки', en: 'Checks' },
  noChecks: {
    ru: 'Своих проверок нет.',
    en: 'No check of its own.',
  },
  blocks: { ru: 'останавливает', en: 'blocks' },
  warns: { ru: 'предупреждает', en: 'warns' },
  isKey: { ru: 'ключ', en: 'key' },
  isPartition: { ru: 'партиция', en: 'partition' },
  isExtra: { ru: 'сверх спецификации', en: 'beyond the specification' },
  load: { ru: 'сама загрузка', en: 'the load itself' },
  path: { ru: 'адрес списка', en: "the list's address" },
  field: { ru: 'поле', en: 'field' },
  measures: {
    ru: 'Далее следуют показатели ARM, которые называет настройка arm.service_report.measures: decimal(20,2), по имени показателя.',
    en: 'The measures of ARM follow that the setting arm.service_report.measures names: decimal(20,2), each under its own name.',
  },
} as const satisfies Readonly<Record<string, Text>>

const layerNames: Readonly<Record<Schema, Text>> = {
  gold: { ru: 'Gold: витрины для решений', en: 'Gold: marts to decide by' },
  silver: {
    ru: 'Silver: очищено, без повторов, замаскировано',
    en: 'Silver: cleaned, without doubles, masked',
  },
  bronze: { ru: 'Bronze: что сказали API', en: 'Bronze: what the APIs said' },
  meta: { ru: 'Meta: журнал самого hubdwh', en: 'Meta: what hubdwh notes of itself' },
}

function overview(entries: readonly Entry[]): string {
  const rows = schemas.flatMap(schema =>
    entries
      .filter(({ table }) => table.schema === schema)
      .map(({ name, table }) => `<tr><td>${linkTo(name)}</td><td>${both(table.comment)}</td></tr>`),
  )
  return `<div class="scroll"><table><tbody>\n${rows.join('\n')}\n</tbody></table></div>`
}

function layer(schema: Schema, entries: readonly Entry[]): string {
  const sections = entries.filter(({ table }) => table.schema === schema).map(section)
  return `<section class="layer" aria-labelledby="layer-${schema}">
<h2 id="layer-${schema}">${both(layerNames[schema])}</h2>
${sections.join('\n')}
</section>`
}

function section(entry: Entry): string {
  const { table, name, model, checks } = entry
  const id = anchorOf(name)
  return `<section class="table ${table.schema}" id="${id}" aria-labelledby="${id}-name">
<h3 id="${id}-name"><code>${escaped(name)}</code></h3>
<p>${both(table.comment)}</p>
${model ? `<p class="soft">${both(model.description)}</p>` : ''}
<dl>
${facts(entry)
  .map(([term, description]) => `<dt>${both(term)}</dt><dd>${description}</dd>`)
  .join('\n')}
</dl>
<div class="scroll"><table>
<thead><tr>${[text.column, text.type, text.meaning, ...(hasOrigins(entry) ? [text.origin] : [])]
    .map(heading => `<th scope="col">${both(heading)}</th>`)
    .join('')}</tr></thead>
<tbody class="columns">
${entry.columns.map(column => columnRow(column, hasOrigins(entry))).join('\n')}
</tbody>
</table></div>
${table.hasMeasures ? `<p>${both(text.measures)}</p>` : ''}
<h4>${both(text.checks)}</h4>
${
  checks.length === 0
    ? `<p class="soft">${both(text.noChecks)}</p>`
    : `<ul>\n${checks
        .map(
          ({ name: check, severity, description }) =>
            `<li><a href="runbook.md#check-${check}"><code>${check}</code></a> ${badge(severity === 'block' ? text.blocks : text.warns)} ${both(description)}</li>`,
        )
        .join('\n')}\n</ul>`
}
</section>`
}

function hasOrigins({ columns }: Entry): boolean {
  return columns.some(({ origin }) => origin !== undefined)
}

function facts({ table, model, origins, reads, readBy }: Entry): readonly (readonly [Text, string])[] {
  const madeOf = [...origins.map(({ name }) => `<code>${escaped(name)}</code>`), ...reads.map(linkTo)]
  const writer = metaTables.find(({ name }) => name === table.name && table.schema === 'meta')
  return [
    [text.key, keyOf(table)],
    ...(table.partitionBy.length === 0 ? [] : [[text.partitions, partitionsText(table)] as const]),
    ...(model ? [[text.model, `<a href="../${model.file}"><code>${model.file}</code></a>`] as const] : []),
    ...(madeOf.length === 0 ? [] : [[text.madeOf, madeOf.join(', ')] as const]),
    ...(writer ? [[text.writtenBy, both(writtenBy[writer.name])] as const] : []),
    ...(readBy.length === 0 ? [] : [[text.readBy, readBy.map(linkTo).join(', ')] as const]),
  ]
}

function keyOf({ key, recordKey }: Table): string {
  const names = (columns: readonly string[]) => columns.map(column => `<code>${column}</code>`).join(', ')
  if (key.length > 0) return names(key)
  return recordKey ? `${names(recordKey)} (${both(text.versions)})` : both(text.noKey)
}

function partitionsText(table: Table): string {
  return partitionsOf(table)
    .map(
      ({ column, transform }) =>
        `${transform === 'month' ? `${both(text.byMonth)} ` : ''}<code>${column}</code>`,
    )
    .join(', ')
}

function columnRow(column: CatalogueColumn, withOrigin: boolean): string {
  const { name, type, comment, isKey, isPartition, isExtra, origin } = column
  const badges = [
    ...(isKey ? [badge(text.isKey)] : []),
    ...(isPartition ? [badge(text.isPartition)] : []),
    ...(isExtra ? [badge(text.isExtra)] : []),
  ]
  return (
    `<tr><th scope="row"><code>${escaped(name)}</code></th><td><code>${escaped(type)}</code></td>` +
    `<td>${[both(comment), ...badges].join(' ')}</td>${withOrigin ? `<td>${originText(origin)}</td>` : ''}</tr>`
  )
}

function badge(label: Text): string {
  return `<span class="badge">${both(label)}</span>`
}

function originText(origin: ColumnOrigin | undefined): string {
  switch (origin?.kind) {
    case 'field':
      return `${both(text.field)} <code>${escaped(origin.path)}</code>`
    case 'path':
      return both(text.path)
    case 'load':
      return both(text.load)
    case 'expression':
      return `<code>${escaped(origin.sql)}</code>`
    case undefined:
      return ''
  }
}
