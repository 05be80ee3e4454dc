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
  onTestFinished(() => {
    running.process.kill('SIGKILL')
  })
  await running.line(/alaqan visits: .*first load/)
  running.process.kill('SIGTERM')
  const { exitCode, out } = await running.ended

  expect(out).toContain('Stopping at the next checkpoint')
  expect(out).toContain('"code":"interrupted"')
  expect(out).toMatch(/alaqan visits: going on with alaqan-visits-/)
  expect(exitCode, out).toBe(0)
  const { tasks } = await airflow.latestRun('stopped')
  expect(tasks.load).toMatchObject({ state: 'success', tries: 2, xcom: { ok: true } })
  // Only the last four days were asked for twice, as gates report late: nothing for having been stopped.
  const answers = 'select count(*)::int, count(distinct visit_date)::int from meta.alaqan_answers'
  expect(await sandbox.hubdwh('sql', answers)).toMatchObject({ rows: [[16, 12]] })
})
