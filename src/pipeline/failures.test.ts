import { describe, expect, it } from 'vitest'
import { silentReporter } from '../effects.js'
import { AuthorizationError, CheckFailedError, type HubdwhError, UnavailableError } from '../errors.js'
import { gravestOf, loadEach } from './failures.js'

const down = new UnavailableError('source_unavailable', 'no answer')
const malformed = new UnavailableError('malformed_answer', 'not JSON')
const refused = new AuthorizationError('credential_rejected', 'no')
const forbidden = new AuthorizationError('forbidden', 'no rights')

/** Loads users, leads, tasks and events, of which some fail; tells which were tried and what is missing. */
async function loading(errors: Readonly<Record<string, HubdwhError>>) {
  const tried: string[] = []
  const entities = ['users', 'leads', 'tasks', 'events'].map(name => ({
    source: 'amocrm' as const,
    name,
    mayBeClosed: name === 'users',
  }))
  const { failures } = await loadEach({ reporter: silentReporter }, entities, async ({ name }) => {
    tried.push(name)
    const error = errors[name]
    if (error) throw error
    return []
  })
  return { tried, missing: failures.map(({ entity }) => entity), gravest: gravestOf(failures) }
}

describe('loading several entities', () => {
  it('goes on after one that fails', async () => {
    const { tried, missing } = await loading({ leads: malformed })
    expect(tried).toEqual(['users', 'leads', 'tasks', 'events'])
    expect(missing).toEqual(['leads'])
  })

  it('ends where the credential is refused, and names what was not tried', async () => {
    const { tried, missing } = await loading({ leads: refused })
    expect(tried).toEqual(['users', 'leads'])
    expect(missing).toEqual(['leads', 'tasks', 'events'])
  })

  it('takes the source for down after two entities without an answer', async () => {
    expect((await loading({ leads: down })).tried).toHaveLength(4)
    const { tried, missing } = await loading({ leads: down, tasks: down })
    expect(tried).toEqual(['users', 'leads', 'tasks'])
    expect(missing).toEqual(['leads', 'tasks', 'events'])
  })

  it('does without a list that is known to be closed to some', async () => {
    expect((await loading({ users: forbidden })).missing).toEqual([])
    expect((await loading({ leads: forbidden })).missing).toEqual(['leads'])
  })

  it('tells first what a person must act on', async () => {
    const stopped = new CheckFailedError('sweep_stopped', 'too much is missing')
    expect((await loading({ leads: down, tasks: stopped })).gravest).toBe(stopped)
    expect((await loading({ users: stopped, leads: refused })).gravest).toBe(refused)
    expect((await loading({})).gravest).toBeUndefined()
  })
})
