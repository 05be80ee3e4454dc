/** `hubdwh report` through the real command: what it writes is what gold holds, and nothing beyond. */
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ReportData } from '../../src/report/report-data.js'
import { serveReportOn } from '../../src/report/serve.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { personalDataIn, personalIn } from '../privacy/personal-data.js'
import { company, gateDay, iins, lead, pipeline, user } from '../runs/invented-account.js'
import { dataOf, openReportHub, reportOf } from './report-hub.js'

describe('the report of a loaded warehouse', () => {
  let hub: Hub
  let data: ReportData
  beforeAll(async () => {
    hub = await openReportHub()
    data = await dataOf(await reportOf(hub))
  })
  afterAll(() => hub?.close())

  const sumOf = (rows: readonly (readonly (number | null)[])[], column: number) =>
    rows.reduce((sum, row) => sum + Number(row[column]), 0)

  it('has the attendance of gold', async () => {
    const [gold] = await hub.rows(`
      select count(*) as visits, count(hours_on_site) as timed, cast(sum(hours_on_site) * 100 as bigint) as hours,
        count(first_entry_local) as arrivals, count(distinct visit_date) as days
      from gold.alaqan_daily_attendance`)
    const { days = [], arrivals = [], months = [] } = data.attendance ?? {}
    expect({
      visits: sumOf(days, 1),
      timed: sumOf(days, 2),
      hours: sumOf(days, 3),
      arrivals: sumOf(arrivals, 3),
      days: days.length,
    }).toEqual(gold)
    expect(months.map(([, people]) => ({ people }))).toEqual(
      await hub.rows(
        'select count(*) as people from gold.alaqan_monthly_summary group by year, month order by year, month',
      ),
    )
    const hours = await hub.rows(`
      select cast(hour(first_entry_local) as int) as hour, cast(isodow(visit_date) as int) as weekday, count(*) as people
      from gold.alaqan_daily_attendance where first_entry_local is not null
      group by all order by weekday, hour`)
    const counted = new Map<string, number>()
    for (const [, weekday, hour, people] of arrivals) {
      counted.set(`${weekday} ${hour}`, (counted.get(`${weekday} ${hour}`) ?? 0) + people)
    }
    expect(Object.fromEntries(counted)).toEqual(
      Object.fromEntries(hours.map(row => [`${row.weekday} ${row.hour}`, row.people])),
    )
  })

  it('has the leads, managers and clients of gold', async () => {
    const { funnel, managers, clients, stages } = data.sales ?? {}
    const [gold] = await hub.rows(`select
      (select sum(leads_count)::int from gold.amocrm_sales_funnel) as leads,
      (select sum(won_count)::int from gold.amocrm_sales_funnel) as won,
      (select sum(total_price)::bigint from gold.amocrm_sales_funnel) as price,
      (select sum(leads_entered)::int from gold.amocrm_stage_conversion) as entered,
      (select sum(total_revenue)::bigint from gold.amocrm_manager_activity) as revenue,
      (select sum(tasks_completed)::int from gold.amocrm_manager_activity) as tasks,
      (select count(*)::int from gold.amocrm_client_analytics) as companies,
      (select sum(total_revenue)::bigint from gold.amocrm_client_analytics) as client_revenue`)
    const won = (funnel?.rows ?? []).filter(
      ([, place, status]) => funnel?.pipelines[place]?.statuses[status]?.kind === 'won',
    )
    expect({
      leads: sumOf(funnel?.rows ?? [], 3),
      won: sumOf(won, 3),
      price: sumOf(funnel?.rows ?? [], 4),
      entered: sumOf(stages ?? [], 3),
      revenue: sumOf(managers?.rows ?? [], 5),
      tasks: sumOf(managers?.rows ?? [], 6),
      companies: clients?.companies,
      client_revenue: clients?.revenue,
    }).toEqual(gold)
    const revenues = (clients?.top ?? []).map(({ revenue }) => revenue)
    expect(revenues).toEqual([...revenues].sort((a, b) => b - a))
    expect(revenues.length).toBe(50)
  })

  it('has the residents of gold', async () => {
    const { companies, leads = [], attendance } = data.residents ?? {}
    const [gold] = await hub.rows(`select
      (select count(*)::int from gold.crm_arm_residents where is_resident) as residents,
      (select count(*)::int from gold.crm_arm_residents where not is_resident) as others,
      (select sum(leads_count)::int from gold.amocrm_sales_funnel_residents where is_resident) as leads,
      (select sum(leads_count)::int from gold.amocrm_sales_funnel_residents where not is_resident) as other_leads,
      (select sum(visits)::int from gold.alaqan_company_attendance) as visits,
      (select cast(sum(hours) * 100 as bigint) from gold.alaqan_company_attendance) as hours`)
    expect({
      residents: companies?.residents.companies,
      others: companies?.others.companies,
      leads: sumOf(
        leads.filter(([, , isResident]) => isResident === 1),
        3,
      ),
      other_leads: sumOf(
        leads.filter(([, , isResident]) => isResident === 0),
        3,
      ),
      visits: sumOf(attendance?.rows ?? [], 2),
      hours: sumOf(attendance?.rows ?? [], 3),
    }).toEqual(gold)
  })

  it('tells how fresh the data are', async () => {
    expect(data.state.sources).toMatchObject([
      // The end of 10 March in Almaty.
      { source: 'alaqan', readUntil: Date.parse('2025-03-10T19:00:00Z'), isStale: false },
      { source: 'amocrm', isStale: false },
    ])
    expect(data.state.checksPassed).toBeGreaterThan(50)
  })

  it('holds nothing personal: no ИИН, masked or not, no phone, no e-mail, no contact', async () => {
    const html = await readFile(await reportOf(hub), 'utf8')
    expect(personalIn(html, await personalDataIn(join(hub.folder, 'data/landing')), 'without names')).toEqual(
      [],
    )
    const masked = await hub.rows(`
      select iin as text from gold.alaqan_daily_attendance
      union select iin_display from gold.alaqan_daily_attendance
      union select full_name from silver.amocrm_contacts where full_name is not null`)
    expect(masked.length).toBeGreaterThan(50)
    expect(masked.filter(({ text }) => html.includes(JSON.stringify(String(text))))).toEqual([])
  })

  it('is read by its owner alone, and replaced by the next one', async () => {
    const path = await reportOf(hub, '--lang', 'en', '--out', 'own.html')
    expect(path).toBe(join(hub.folder, 'own.html'))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await dataOf(path)).language).toBe('en')
    await reportOf(hub, '--lang', 'kk', '--out', 'own.html')
    expect((await dataOf(path)).language).toBe('kk')
  })

  it('says where it is and how large', async () => {
    const { out } = await hub.hubdwh('report')
    expect(out).toMatch(/^The report is .*hubdwh-report\.html \(\d+ KB\)\. Open it in a browser\.\n$/)
    const { json } = await hub.hubdwh('report', '--json')
    expect(json).toMatchObject({ ok: true, language: 'ru', exit_code: 0 })
    expect(json.bytes).toBe((await stat(join(hub.folder, 'hubdwh-report.html'))).size)
  })

  it('is not written where there is no folder, or a folder stands in its place', async () => {
    const missing = await hub.hubdwh('report', '--out', 'nowhere/report.html', '--json')
    expect(missing).toMatchObject({ exitCode: 2, json: { error: { code: 'file_not_written' } } })
    await mkdir(join(hub.folder, 'taken'))
    const taken = await hub.hubdwh('report', '--out', 'taken', '--json')
    expect(taken).toMatchObject({ exitCode: 2, json: { error: { code: 'file_not_written' } } })
  })

  it.each([
    [['--lang', 'de'], /'de'.*ru, kk, en/],
    [['--serve', 'x'], /--serve: "x" is no whole number from 0 to 65535/],
    [['--serve', '--out', 'a.html'], /--out: with --serve nothing is written/],
  ])('is not made with wrong options: %j', async (options, said) => {
    const { exitCode, err } = await hub.hubdwh('report', ...options)
    expect(exitCode).toBe(2)
    expect(err).toMatch(said)
  })

  describe('that is served', () => {
    it('is made anew at each reload, until Ctrl-C', async () => {
      const { io, ended } = hub.begin('report', '--serve', '0', '--lang', 'kk')
      await io.whenOut('made anew')
      const url = /http:\S+/.exec(io.out())?.[0] ?? ''
      const first = await fetch(url)
      expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(first.headers.get('cache-control')).toBe('no-store')
      const leadsIn = (html: string) => /id="data">(.*?)<\/script/s.exec(html)?.[1] ?? ''
      const before: ReportData = JSON.parse(leadsIn(await first.text()))
      await hub.write('update gold.amocrm_client_analytics set company_name = $$Жаңа атау$$')
      const after: ReportData = JSON.parse(leadsIn(await (await fetch(url)).text()))
      expect([before, after].map(({ sales }) => sales?.clients.top[0]?.name === 'Жаңа атау')).toEqual([
        false,
        true,
      ])
      expect((await fetch(`${url}other`)).status).toBe(404)
      expect((await fetch(url, { method: 'POST' })).status).toBe(405)
      io.stop('SIGINT')
      expect(await ended).toMatchObject({ exitCode: 0 })
    })

    it('is shown to this machine alone: not to a page that brings a browser by a name of its own', async () => {
      const served = await serveReportOn(0, { page: async () => 'the report', failure: String })
      onTestFinished(() => served.close())
      const { port } = new URL(served.origin)
      const statusFor = (host: string) =>
        new Promise(resolve => {
          get({ host: '127.0.0.1', port, headers: { host } }, response => {
            response.resume()
            resolve(response.statusCode)
          })
        })
      expect(await statusFor(`localhost:${port}`)).toBe(200)
      expect(await statusFor(`rebound.example:${port}`)).toBe(403)
    })

    it('can be reloaded in several tabs at once, and tells a machine where it is', async () => {
      const { io, ended } = hub.begin('report', '--serve', '0', '--json')
      await io.whenOut('"url"')
      expect(JSON.parse(io.out())).toMatchObject({ ok: true, language: 'ru', exit_code: 0 })
      const { url } = JSON.parse(io.out())
      const answers = await Promise.all([fetch(url), fetch(url), fetch(url)])
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      io.stop('SIGINT')
      await ended
    })

    it('does not listen where somebody else does', async () => {
      const { io, ended } = hub.begin('report', '--serve', '0')
      await io.whenOut('made anew')
      const port = new URL(/http:\S+/.exec(io.out())?.[0] ?? '').port
      const second = await hub.hubdwh('report', '--serve', port, '--json')
      expect(second).toMatchObject({ exitCode: 2, json: { error: { code: 'report_port' } } })
      io.stop('SIGTERM')
      await ended
    })

    it('leaves out a mart that lacks a column, and says in the browser why nothing can be shown', async () => {
      const { io, ended } = hub.begin('report', '--serve', '0')
      await io.whenOut('made anew')
      const url = /http:\S+/.exec(io.out())?.[0] ?? ''
      await hub.write('alter table gold.amocrm_client_analytics drop column tags')
      const older = await fetch(url)
      expect(older.status).toBe(200)
      expect(await older.text()).toMatch(/"clients":\{"companies":0/)
      await rm(join(hub.folder, 'data/warehouse.duckdb'))
      const gone = await fetch(url)
      expect(gone.status).toBe(503)
      expect(await gone.text()).toMatch(/^error: /)
      io.stop('SIGINT')
      expect((await ended).exitCode).toBe(0)
    })
  })
})

describe('the report of little', () => {
  let hub: Hub | undefined
  afterEach(async () => {
    await hub?.close()
    hub = undefined
  })

  it('is not made where nothing was ever loaded, which says what to do', async () => {
    hub = await openHub({ now: '2025-03-01T05:00:00Z', startDate: '2025-02-28', world: listedWorld({}) })
    const { exitCode, json, err } = await hub.hubdwh('report', '--json')
    expect({ exitCode, json }).toMatchObject({ exitCode: 2, json: { error: { code: 'warehouse_missing' } } })
    expect(err).toContain('hubdwh run')
  })

  it('of a world without anybody has no days and no leads', async () => {
    hub = await openHub({ now: '2025-03-01T05:00:00Z', startDate: '2025-02-28', world: listedWorld({}) })
    await hub.hubdwh('run')
    const data = await dataOf(await reportOf(hub))
    expect(data).toMatchObject({
      madeMonth: 2025 * 12 + 2,
      attendance: { days: [], months: [], arrivals: [] },
      sales: {
        funnel: { pipelines: [], rows: [] },
        managers: { rows: [] },
        clients: { companies: 0, top: [] },
      },
    })
    expect(data.residents).toBeUndefined()
  })

  it('leaves out a source that is not used, and shows prices in the currency of the account', async () => {
    hub = await openHub({
      now: '2025-03-01T05:00:00Z',
      amocrm: ['currency: USD'],
      world: listedWorld({
        leads: [lead({ id: 1, price: 10, _embedded: { tags: [], contacts: [], companies: [{ id: 5 }] } })],
        companies: [company({ id: 5, name: '</script><script>alert(1)</script>' })],
        users: [user(100, '')],
        pipelines: [pipeline(1, 'Воронка')],
      }),
    })
    await hub.hubdwh('run')
    const path = await reportOf(hub)
    const data = await dataOf(path)
    expect(data).toMatchObject({ currency: 'USD', sales: { funnel: { rows: [[24_300, 0, 0, 1, 10]] } } })
    expect(data.attendance).toBeUndefined()
    expect(data.sales?.clients.top[0]?.name).toBe('</script><script>alert(1)</script>')
    expect(await readFile(path, 'utf8')).not.toContain('<script>alert')
  })

  it('of more managers, pipelines and companies than are listed puts the rest together, so that sums agree', async () => {
    hub = await openHub({ now: '2025-03-01T05:00:00Z', startDate: '2025-02-28', world: listedWorld({}) })
    await hub.hubdwh('run')
    await hub.write(`
      insert into gold.amocrm_manager_activity by name
        select 2025 as year, 1 + number % 2 as month, 'Менеджер ' || number as responsible_user_name, number as leads_created,
          2 as leads_closed_won, 1 as leads_closed_lost, 10 as total_revenue, 3 as tasks_completed,
          10 as avg_deal_cycle_days, number as responsible_user_id
        from range(1, 401) as numbers(number);
      insert into gold.amocrm_sales_funnel by name
        select 2025 as year, 1 as month, 'Воронка ' || pipeline as pipeline_name, 'Этап ' || status as status_name,
          status as status_sort, pipeline + status as leads_count, 7 as total_price, pipeline as pipeline_id, status as status_id
        from range(1, 31) as pipelines(pipeline), (values (20), (142), (143)) as statuses(status);
      insert into gold.amocrm_sales_funnel_residents by name
        select *, pipeline_id % 2 = 0 as is_resident from gold.amocrm_sales_funnel;
      insert into gold.alaqan_company_attendance by name
        select 2025 as year, 1 as month, 'bin ' || number as bin, 'Компания ' || number as company_name,
          1 as people, number as visits, number as hours
        from range(1, 101) as numbers(number)`)
    const { sales, residents } = await dataOf(await reportOf(hub))
    const sum = (rows: readonly (readonly (number | null)[])[] | undefined, column: number) =>
      rows?.reduce((total, row) => total + Number(row[column]), 0)
    const { managers, funnel } = sales ?? {}
    expect(managers?.managers.length).toBe(150)
    expect(managers?.managers.at(-1)).toEqual({ id: -1, name: null })
    expect(managers?.others).toBe(251)
    expect([sum(managers?.rows, 2), sum(managers?.rows, 5)]).toEqual([80_200, 4000])
    // The first ones by what they did stand for themselves.
    expect(managers?.managers[0]).toEqual({ id: 400, name: 'Менеджер 400' })
    expect(managers?.rows.filter(([, place]) => place === 149).map(row => row[7])).toEqual([10, 10])
    expect(funnel?.pipelines.length).toBe(15)
    expect(funnel?.pipelines.at(-1)).toMatchObject({
      id: -1,
      statuses: [{ kind: 'open' }, { kind: 'won' }, { kind: 'lost' }],
    })
    expect([sum(funnel?.rows, 3), sum(funnel?.rows, 4)]).toEqual([10_545, 630])
    expect(sum(residents?.leads, 3)).toBe(10_545)
    expect(residents?.attendance?.companies.length).toBe(31)
    expect(residents?.attendance?.others).toBe(71)
    expect(sum(residents?.attendance?.rows, 2)).toBe(5050)
  })

  it('knows which days nothing is known of', async () => {
    const [one = ''] = iins
    hub = await openHub({
      now: '2025-03-01T05:00:00Z',
      startDate: '2025-02-24',
      withoutAmocrm: true,
      world: listedWorld({ visits: { '2025-02-24': gateDay([one]), '2025-02-28': gateDay([one]) } }),
    })
    await hub.hubdwh('load', 'alaqan', '--from', '2025-02-24', '--to', '2025-02-25')
    await hub.hubdwh('load', 'alaqan', '--from', '2025-02-28', '--to', '2025-02-28')
    await hub.hubdwh('transform')
    const { attendance, sales } = await dataOf(await reportOf(hub))
    expect(attendance).toMatchObject({
      firstDay: '2025-02-24',
      days: [
        [0, 1, 1, 900],
        [4, 1, 1, 900],
      ],
      unknownDays: [[2, 3]],
    })
    expect(sales).toBeUndefined()
  })
})
