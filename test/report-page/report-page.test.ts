/**
 * The report in a real browser (npm run test:report): its filters are clicked, what it then shows is compared with SQL on
 * gold, contrast and names are looked at by axe, and it is photographed.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../src/report/language.js'
import { renderReport } from '../../src/report/render.js'
import type { ReportData } from '../../src/report/report-data.js'
import { wordingIn } from '../../src/report/wording.js'
import type { Row } from '../../src/warehouse/engine.js'
import type { Hub } from '../hub.js'
import { greatestReport, smallReport } from '../report/invented-report.js'
import { openReportHub, reportOf } from '../report/report-hub.js'
import { openBrowser } from './browser.js'
import {
  accessibilityProblems,
  cardNumber,
  cellsOf,
  numberIn,
  type OpenedPage,
  openPage,
  type PageOptions,
} from './report-page.js'

/** Everything that the page can look like. */
const looks = languages.flatMap(language =>
  (['light', 'dark'] as const).flatMap(theme =>
    (['desktop', 'phone'] as const).map(device => [language, theme, device] as const),
  ),
)

let hub: Hub
let browser: Browser
let path: string
let opened: OpenedPage | undefined
beforeAll(async () => {
  hub = await openReportHub()
  path = await reportOf(hub)
  browser = await openBrowser()
})
afterEach(async () => {
  const { complaints } = opened ?? {}
  await opened?.close()
  opened = undefined
  // Whatever a test does, nothing is refused, fetched or broken.
  expect(complaints ?? []).toEqual([])
})
afterAll(async () => {
  await browser?.close()
  await hub?.close()
})

async function open(options?: PageOptions, file = path) {
  opened = await openPage(browser, file, options)
  return opened.page
}

/** An invented report as a file. */
async function fileOf(data: ReportData): Promise<string> {
  const file = join(hub.folder, 'invented.html')
  await writeFile(file, await renderReport(data))
  return file
}

async function goldRow(sql: string): Promise<Row> {
  const [row] = await hub.rows(sql)
  if (!row) throw new Error(`No row: ${sql}`)
  return row
}

describe('what the page shows', () => {
  it.each([
    ['all time', '#preset-all', '1970-01', '2025-03'],
    ['last month', '#preset-last', '2025-02', '2025-02'],
    ['this month', '#preset-current', '2025-03', '2025-03'],
  ])('of %s is what gold says', async (_, preset, from, to) => {
    const page = await open()
    await page.click(preset)
    const month = 'year * 100 + month between $1 and $2'
      .replace('$1', from.replace('-', ''))
      .replace('$2', to.replace('-', ''))
    const gold = await goldRow(`select
      (select sum(leads_count)::int from gold.amocrm_sales_funnel where ${month}) as leads,
      (select round(100.0 * sum(won_count) / sum(leads_count), 1)::double from gold.amocrm_sales_funnel where ${month}) as conversion,
      (select sum(leads_closed_won)::int from gold.amocrm_manager_activity where ${month}) as won,
      (select sum(total_revenue)::bigint from gold.amocrm_manager_activity where ${month}) as revenue,
      (select round(avg(hours_on_site), 2)::double from gold.alaqan_daily_attendance
        where strftime(visit_date, '%Y-%m') between '${from}' and '${to}') as hours,
      (select round(count(*) / count(distinct visit_date), 1)::double from gold.alaqan_daily_attendance
        where strftime(visit_date, '%Y-%m') between '${from}' and '${to}' and isodow(visit_date) <= 5) as weekday`)
    expect({
      leads: await cardNumber(page, 'leads'),
      conversion: await cardNumber(page, 'conversion'),
      won: await cardNumber(page, 'won'),
      revenue: await cardNumber(page, 'revenue'),
      hours: await cardNumber(page, 'average-hours'),
      weekday: await cardNumber(page, 'per-weekday'),
    }).toEqual(gold)
  })

  it('of the newest day is what gold says, whatever the filters', async () => {
    const page = await open({ hash: '#from=2025-01&to=2025-01' })
    const { people } = await goldRow(
      'select count(*)::int as people from gold.alaqan_daily_attendance where visit_date = (select max(visit_date) from gold.alaqan_daily_attendance)',
    )
    expect(await cardNumber(page, 'newest-day')).toBe(people)
  })

  it('beside the months before is what gold says of these', async () => {
    const page = await open({ hash: '#from=2025-02&to=2025-02' })
    const { now, before } = await goldRow(`select
      sum(case when month = 2 then total_revenue end)::bigint as now,
      sum(case when month = 1 then total_revenue end)::bigint as before
      from gold.amocrm_manager_activity where year = 2025`)
    const text = (await page.locator('#card-revenue .compared').textContent()) ?? ''
    expect(numberIn(/было (.*) \(/.exec(text)?.[1] ?? '')).toBe(before)
    const change = Math.round((1000 * (Number(now) - Number(before))) / Number(before)) / 10
    expect(numberIn(/([+-].*)%/.exec(text)?.[1] ?? '')).toBe(change)
  })

  it('of a pipeline is what gold says, stage by stage', async () => {
    const page = await open()
    await page.click('#preset-all')
    const pipeline = await goldRow(
      'select pipeline_id as id, any_value(pipeline_name) as name, sum(leads_count)::int as leads from gold.amocrm_sales_funnel group by all order by leads limit 1',
    )
    await page.selectOption('#pipeline', { label: String(pipeline.name) })
    expect(await cardNumber(page, 'leads')).toBe(pipeline.leads)
    const stages = await hub.rows(`
      with stages as (
        select status_name, status_sort, status_id, sum(leads_count)::int as leads
        from gold.amocrm_sales_funnel where pipeline_id = ${pipeline.id} group by all
      )
      select status_name as name,
        case when status_id = 143 then leads else (
          select sum(later.leads) from stages as later
          where later.status_sort >= stages.status_sort and later.status_id <> 143
        ) end::int as reached,
        leads
      from stages order by status_sort`)
    const shown = []
    for (const { name } of stages) {
      const [reached = '', , leads = ''] = await cellsOf(page, 'stages', String(name))
      shown.push({ name, reached: numberIn(reached), leads: numberIn(leads) })
    }
    expect(shown).toEqual(stages)
    expect(page.url()).toContain(`pipeline=${pipeline.id}`)
  })

  it('of a manager is what gold says', async () => {
    const page = await open()
    await page.click('#preset-all')
    const manager = await goldRow(`
      select responsible_user_name as name, sum(leads_closed_won)::int as won, sum(total_revenue)::bigint as revenue,
        sum(leads_created)::int as created, sum(tasks_completed)::int as tasks
      from gold.amocrm_manager_activity group by all order by revenue desc limit 1`)
    await page.selectOption('#manager', { label: String(manager.name) })
    expect(await cardNumber(page, 'won')).toBe(manager.won)
    expect(await cardNumber(page, 'revenue')).toBe(manager.revenue)
    const [, created = '', , , tasks = ''] = await cellsOf(page, 'work', String(manager.name))
    expect([numberIn(created), numberIn(tasks)]).toEqual([manager.created, manager.tasks])
    expect(await page.locator('#work tbody tr').count()).toBe(1)
  })

  it('of months, of the hours of arrival and of companies adds up to gold', async () => {
    const page = await open()
    await page.click('#preset-all')
    const gold = await goldRow(`select
      (select count(*)::int from gold.alaqan_daily_attendance) as visits,
      (select sum(hours_on_site)::double from gold.alaqan_daily_attendance) as hours,
      (select count(first_entry_local)::int from gold.alaqan_daily_attendance) as arrivals,
      (select sum(leads_count)::int from gold.amocrm_sales_funnel_residents where is_resident) as resident_leads`)
    // Folded tables are in the page all the same.
    const [, visits = '', hours = ''] = await cellsOf(page, 'people', 'Итого')
    const arrivals = (await cellsOf(page, 'arrivals', 'Итого')).at(-1) ?? ''
    const [residentLeads = ''] = await cellsOf(page, 'resident-leads', 'Резиденты')
    expect({
      visits: numberIn(visits),
      hours: numberIn(hours),
      arrivals: numberIn(arrivals),
      resident_leads: numberIn(residentLeads),
    }).toEqual(gold)
  })
})

describe('the filters', () => {
  it('stand in the address, so that a link shows the same', async () => {
    const page = await open()
    await page.click('#preset-last')
    await page.selectOption('#manager', { index: 2 })
    await page.click('#language-kk')
    const link = new URL(page.url()).hash
    const shown = await page.locator('main').innerText()
    await opened?.close()
    expect(await (await open({ hash: link })).locator('main').innerText()).toBe(shown)
  })

  it('go back with the browser', async () => {
    const page = await open()
    const usual = await page.locator('#card-leads .value').textContent()
    await page.click('#preset-all')
    expect(await page.locator('#card-leads .value').textContent()).not.toBe(usual)
    await page.goBack()
    await page.waitForFunction(
      `document.querySelector('#card-leads .value').textContent === ${JSON.stringify(usual)}`,
    )
    await page.click('#preset-all')
    await page.click('#reset')
    expect(await page.locator('#card-leads .value').textContent()).toBe(usual)
    expect(await page.locator('#reset').isDisabled()).toBe(true)
  })

  it('keep the end of the period behind its beginning', async () => {
    const page = await open({ hash: '#from=2025-01&to=2025-01' })
    await page.selectOption('#from', { label: 'март 2025 г.' })
    expect(await page.locator('#to').inputValue()).toBe(await page.locator('#from').inputValue())
  })

  it('say in each block which of them it obeys, and which that is set it cannot', async () => {
    const page = await open()
    const blocks = await page.locator('.block').count()
    expect(await page.locator('.block > .obeys').count()).toBe(blocks)
    expect(await page.locator('#work .obeys').textContent()).toBe('Фильтры: период, менеджер')
    await page.selectOption('#pipeline', { index: 1 })
    expect(await page.locator('#work .obeys').textContent()).toBe(
      'Фильтры: период, менеджер · не действует: воронка',
    )
    expect(await page.locator('#top-clients .obeys').textContent()).toBe(
      'Фильтры не действуют: показано за всё время',
    )
  })

  it('do not compare a month that is not over', async () => {
    const page = await open({ hash: '#from=2025-03&to=2025-03' })
    expect(await page.locator('#not-compared').textContent()).toMatch(/последний месяц ещё не закончился/)
    expect(await page.locator('#card-revenue .compared').textContent()).toBe('')
  })
})

describe('with a keyboard and a screen reader', () => {
  it('everything can be reached, is seen when it is, and stays where it was after a change', async () => {
    const page = await open()
    const reached = new Set<string>()
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab')
      const id: string = await page.evaluate('document.activeElement.id')
      const outline: string = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
      if (id !== '') {
        reached.add(id)
        expect([id, outline]).toEqual([id, 'solid'])
      }
    }
    for (const id of ['skip', 'language-en', 'preset-last', 'from', 'to', 'pipeline', 'manager']) {
      expect([...reached]).toContain(id)
    }
    await page.locator('#preset-current').focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('preset-current')
    expect(await page.locator('#preset-current').getAttribute('aria-pressed')).toBe('true')
    expect(((await page.locator('#shown').textContent()) ?? '').replaceAll(/\s/g, ' ')).toBe(
      'Показано: март 2025 г., все воронки, все менеджеры',
    )
  })

  it('the link at the top leads to the figures and leaves the filters alone', async () => {
    const page = await open({ hash: '#from=2025-01&to=2025-01' })
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('headline')
    expect(page.url()).toContain('from=2025-01')
  })

  it('each chart has a sentence, and a table with the same numbers', async () => {
    const page = await open()
    const charts = page.locator('.plot')
    expect(await charts.count()).toBeGreaterThan(4)
    for (const chart of await charts.all()) {
      expect(await chart.getAttribute('role')).toBe('img')
      expect((await chart.getAttribute('aria-label'))?.length).toBeGreaterThan(10)
    }
    for (const block of await page.locator('.block', { has: page.locator('.plot') }).all()) {
      expect(await block.locator('table caption').count()).toBe(1)
    }
  })

  it.each(looks)('has contrast, names and order: %s, %s, %s', async (language, theme, device) => {
    const page = await open({ hash: `#lang=${language}`, theme, device })
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await page.getAttribute('html', 'lang')).toBe(language)
    expect(await page.title()).toBe(wordingIn(language).title)
    expect(await page.locator('h1').textContent()).toBe(wordingIn(language).title)
  })
})

describe('on paper', () => {
  it('every table is unfolded and nothing is there that can only be clicked', async () => {
    const page = await open({ theme: 'dark' })
    await page.emulateMedia({ media: 'print' })
    await page.evaluate('window.dispatchEvent(new Event("beforeprint"))')
    expect(await page.locator('details:not([open])').count()).toBe(0)
    expect(await page.locator('#filters').isVisible()).toBe(false)
    expect(await page.locator('.languages').isVisible()).toBe(false)
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    )
    await page.evaluate('window.dispatchEvent(new Event("afterprint"))')
    expect(await page.locator('details[open]').count()).toBe(0)
  })

  it('a table of more days than two months have is left out, unless somebody has unfolded it', async () => {
    const page = await open()
    await page.click('#preset-all')
    await page.emulateMedia({ media: 'print' })
    await page.evaluate('window.dispatchEvent(new Event("beforeprint"))')
    expect(await page.locator('details:not([open])').getAttribute('id')).toBe('calendar-table')
    expect(await page.locator('#calendar-table').isVisible()).toBe(false)
    await page.emulateMedia({ media: 'screen' })
    await page.click('#calendar-table summary')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#calendar-table table').isVisible()).toBe(true)
  })
})

describe('invented reports', () => {
  it('without any data say so kindly', async () => {
    const { attendance, sales } = smallReport
    if (!attendance || !sales) throw new Error('The invented report has both.')
    const empty: ReportData = {
      ...smallReport,
      attendance: { ...attendance, days: [], months: [], arrivals: [], unknownDays: [] },
      sales: {
        funnel: { pipelines: [], rows: [] },
        stages: [],
        managers: { managers: [], others: 0, rows: [] },
        clients: { companies: 0, withLeads: 0, withWon: 0, returning: 0, revenue: 0, top: [] },
      },
    }
    for (const language of languages) {
      const page = await open({ hash: `#lang=${language}` }, await fileOf(empty))
      expect(await page.locator('main').innerText()).toBe(wordingIn(language).noData)
      expect(await accessibilityProblems(page)).toEqual([])
      await opened?.close()
    }
  })

  it('show the parts that have data, and say of the others that they have none', async () => {
    const page = await open({}, await fileOf({ ...smallReport, sales: undefined }))
    expect(await page.locator('#attendance').isVisible()).toBe(true)
    expect(await page.locator('#sales').count()).toBe(0)
    expect(await page.locator('#pipeline').count()).toBe(0)
    await opened?.close()
    const without = await open({ hash: '#from=2024-11&to=2024-11' }, await fileOf(smallReport))
    expect(await without.locator('#attendance').innerText()).toContain(wordingIn('ru').attendance.none)
  })

  it('take names for texts, whatever they are', async () => {
    const names = [
      '</script><script>document.title = "broken"</script>',
      '<img src=x onerror="document.title = 1">',
      '',
      '   ',
      'Оченьдлинноеназваниебезединогопробела'.repeat(20),
      'شركة ذات مسؤولية محدودة',
      '‮gnirts a‬',
      '👩‍👩‍👧‍👦 ЖШС «Ұшқын»',
      '{{alert(1)}} &amp; &lt;',
    ]
    const { sales } = smallReport
    if (!sales) throw new Error('The invented report has sales.')
    const top = names.map(name => ({ name, leads: 1, won: 1, lost: 0, revenue: 5, lastDeal: null }))
    const file = await fileOf({
      ...smallReport,
      sales: {
        ...sales,
        clients: { ...sales.clients, top },
        funnel: {
          ...sales.funnel,
          pipelines: sales.funnel.pipelines.map((pipeline, index) => ({
            ...pipeline,
            name: names[index] ?? '',
          })),
        },
        managers: {
          ...sales.managers,
          managers: names.slice(0, 2).map((name, id) => ({ id: id + 1, name })),
        },
      },
    })
    const page = await open({ device: 'phone' }, file)
    expect(await page.title()).toBe(wordingIn('ru').title)
    expect(await page.locator('#report img, #report script').count()).toBe(0)
    const shown = await page.locator('#top-clients tbody th').allTextContents()
    expect(shown).toEqual(names.map(name => (name.trim() === '' ? wordingIn('ru').unnamed : name)))
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  })

  it('of eleven years can be looked at', async () => {
    const page = await open({ hash: '#from=2014-02&to=2025-01' }, await fileOf(greatestReport()))
    expect(await page.locator('.year').count()).toBe(12)
    expect(await page.locator('#work tbody tr').count()).toBe(150)
  })
})

/** Pictures of every run, to be looked at; REPORT_IMAGES and REPORT_FILE: of that report, into that folder. */
const images = resolve(process.env.REPORT_IMAGES ?? 'data/report-images')
const photographed = process.env.REPORT_FILE

describe('pictures', () => {
  beforeAll(() => mkdir(images, { recursive: true }))

  it.each(looks)('are kept: %s, %s, %s', async (language, theme, device) => {
    const file = photographed === undefined ? path : resolve(photographed)
    const page = await open({ hash: `#lang=${language}`, theme, device }, file)
    await page.setViewportSize(
      device === 'phone' ? { width: 390, height: 1400 } : { width: 1280, height: 1560 },
    )
    const picture = await page.screenshot({ path: join(images, `report-${language}-${theme}-${device}.png`) })
    // A blank page takes some kilobytes.
    expect(picture.length).toBeGreaterThan(30_000)
  })
})
