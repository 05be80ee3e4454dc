/** What Airflow makes of the exit codes of hubdwh. */
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fakeHubdwh, type Installation, openInstallation, realDags, testDags } from './installation.js'

let airflow: Installation
afterEach(() => airflow.close())

const fake = (fails: string) => ({ HUBDWH_BIN: fakeHubdwh, FAKE_HUBDWH_FAILS: fails })

describe('a command', () => {
  it('is tried again where that can help, fails at once where a person must act, and is skipped where nothing was to do', async () => {
    airflow = await openInstallation(testDags, fake('nothing=0'))
    const { exitCode, out } = await airflow.airflow('dags', 'test', 'endings')
    expect(exitCode, out).toBe(1)
    const { tasks } = await airflow.latestRun('endings')
    const endings = Object.entries(tasks).map(([name, { state, tries }]) => [
      name,
      `${state} at try ${tries}`,
    ])
    expect(Object.fromEntries(endings)).toEqual({
      done: 'success at try 1',
      bug: 'success at try 2',
      usage: 'failed at try 1',
      unavailable: 'success at try 2',
      unavailable_for_long: 'failed at try 2',
      check_failed: 'failed at try 1',
      authorization: 'failed at try 1',
      nothing_to_do: 'skipped at try 1',
      killed: 'success at try 2',
    })
    expect(tasks.done?.xcom).toEqual({ ok: true, exit_code: 0 })
    expect(tasks.nothing_to_do?.xcom).toEqual({ ok: true, exit_code: 99 })
    expect(tasks.check_failed?.xcom).toMatchObject({ ok: false, error: { code: 'something' }, exit_code: 4 })
  })
})

describe('a load that failed', () => {
  it('holds up nothing, and the run has failed all the same', async () => {
    airflow = await openInstallation(realDags, fake('load amocrm leads=5'))
    expect((await airflow.airflow('dags', 'test', 'hubdwh_amocrm')).exitCode).toBe(1)
    const { state, tasks } = await airflow.latestRun('hubdwh_amocrm')
    expect(state).toBe('failed')
    const { amocrm_load_leads, nothing_failed, ...others } = tasks
    expect([amocrm_load_leads?.state, nothing_failed?.state]).toEqual(['failed', 'upstream_failed'])
    expect(new Set(Object.values(others).map(task => task.state))).toEqual(new Set(['success']))
  })
})

describe('a container and a pod', () => {
  const endingsSchema = z.record(z.string(), z.looseObject({ ending: z.string(), xcom: z.unknown() }))
  const firstWords = (endings: z.infer<typeof endingsSchema>) =>
    Object.fromEntries(Object.entries(endings).map(([code, { ending }]) => [code, ending.split(':')[0]]))

  it('end as the command in them did', async () => {
    airflow = await openInstallation(testDags, {})
    const { docker, pods, commands } = z
      .object({ docker: endingsSchema, pods: endingsSchema, commands: z.array(z.string()) })
      .parse(await airflow.script('container_endings.py'))
    const endings = {
      0: 'success',
      1: 'AirflowException',
      2: 'AirflowFailException',
      3: 'AirflowException',
      4: 'AirflowFailException',
      5: 'AirflowFailException',
      99: 'AirflowSkipException',
    }
    expect(firstWords(docker)).toEqual(endings)
    // A pod that was lost has no exit code.
    expect(firstWords(pods)).toEqual({ ...endings, None: 'AirflowException' })
    const told = {
      ending: expect.stringContaining('Mend it.'),
      xcom: { ok: false, error: { message: 'Something is wrong.' } },
    }
    expect(docker[5]).toMatchObject(told)
    expect(pods[5]).toMatchObject(told)
    expect(commands).toEqual([
      'load alaqan --json',
      '> /airflow/xcom/return.json exec hubdwh load alaqan --json',
    ])
    expect(docker[0]).toMatchObject({
      xcom: { ok: true },
      removed: 1,
      command: ['hubdwh', 'load amocrm leads --config /opt/hubdwh/hubdwh.yaml --json'],
    })
  })
})
