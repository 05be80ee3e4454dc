/** The files of the DAGs, as Airflow reads them every few seconds, and as a linter does. */
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Installation, openInstallation, realDags } from './installation.js'

let airflow: Installation
afterEach(() => airflow.close())

describe('reading the DAGs', () => {
  it('is no work: nothing is opened but the files themselves', async () => {
    airflow = await openInstallation(realDags, {})
    const { done } = await airflow.script('work_at_parse.py', join(realDags, 'hubdwh.py'))
    expect(done).toEqual([
      'open __init__.py',
      'open bash.py',
      'open ending.py',
      'open hubdwh.py',
      'open settings.py',
    ])
  })

  it('would be seen to be work', async () => {
    airflow = await openInstallation(realDags, {})
    const busy = join(import.meta.dirname, 'busy-dags/busy.py')
    const { done } = await airflow.script('work_at_parse.py', busy)
    expect(done).toEqual([
      'Variable.get',
      'open busy.py',
      'open version',
      'socket.connect',
      'subprocess.Popen',
    ])
  })
})

describe('ruff', () => {
  it('finds nothing, of what Airflow 3 has moved either', async () => {
    airflow = await openInstallation(realDags, {})
    const options = ['--no-cache', '--config', join(realDags, '../ruff.toml')]
    const folders = [realDags, import.meta.dirname]
    const checked = await airflow.python('-m', 'ruff', 'check', ...options, ...folders)
    expect(checked.exitCode, checked.out).toBe(0)
    const formatted = await airflow.python('-m', 'ruff', 'format', '--check', ...options, ...folders)
    expect(formatted.exitCode, formatted.out).toBe(0)
  })
})
