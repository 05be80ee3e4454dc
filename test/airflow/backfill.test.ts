/** `airflow backfill create`. */
import { expect, it, onTestFinished } from 'vitest'
import { openInstallation, realDags } from './installation.js'

it('a backfill loads exactly the days of its runs', async () => {
  const airflow = await openInstallation(realDags, {})
  onTestFinished(() => airflow.close())
  expect((await airflow.airflow('dags', 'reserialize')).exitCode).toBe(0)
  const created = await airflow.airflow(
    ...['backfill', 'create', '--dag-id', 'hubdwh_alaqan'],
    ...['--from-date', '2025-01-30', '--to-date', '2025-01-31'],
  )
  expect(created.exitCode, created.out).toBe(0)
  const runs = created.out.match(/run_id=backfill__\S+/g) ?? []
  expect(runs).toHaveLength(2)
  const run = runs[0]?.slice('run_id='.length) ?? ''
  const { out } = await airflow.airflow('tasks', 'render', 'hubdwh_alaqan', 'alaqan_daily_load', run)
  expect(out).toContain('hubdwh load alaqan --from 2025-01-30 --to 2025-01-30 --skip-code')
})
