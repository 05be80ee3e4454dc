/** A task that Airflow stops, as it does when a worker is shut down. */
import { expect, it, onTestFinished } from 'vitest'
import { openInstallation, startSandbox, testDags } from './installation.js'

it('a load that is stopped ends at a checkpoint, and goes on from there when it is tried again', async () => {
  const sandbox = await startSandbox('--days', '12', '--people', '3', '--faults', 'alaqan:slow@300=1')
  const airflow = await openInstallation(testDags, sandbox.env)
  onTestFinished(async () => {
    await airflow.close()
    await sandbox.close()
  })
  const running = airflow.begin('dags', 'test', 'stopped')
  await running.line(/alaqan visits: .*first load/)
  running.process.kill('SIGTERM')
  const { exitCode, out } = await running.ended

  expect(out).toContain('Stopping at the next checkpoint')
  expect(out).toContain('"code":"interrupted"')
  expect(out).toMatch(/alaqan visits: going on with alaqan-visits-/)
  expect(exitCode, out).toBe(0)
  const { tasks } = await airflow.latestRun('stopped')
  expect(tasks.load).toMatchObject({ state: 'success', tries: 2, xcom: { ok: true } })
  const days = await sandbox.hubdwh(
    'sql',
    'select count(distinct visit_date)::int as days from bronze.alaqan_visits',
  )
  expect(days).toMatchObject({ ok: true })
  expect(await sandbox.hubdwh('status')).toMatchObject({ exit_code: 0 })
})
