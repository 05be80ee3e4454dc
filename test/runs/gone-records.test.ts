import { afterEach, describe, expect, it } from 'vitest'
import { type Hub, openHub } from '../hub.js'
import { modelEntities, smallWorld } from './account-edits.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

/** Loads the small account, lets it be edited an hour later, and loads what changed. */
async function edited(change: (hub: Hub) => void): Promise<Hub> {
  hub = await openHub({ world: smallWorld(), now: '2025-03-01T05:00:00Z' })
  await loadAndBuild(hub)
  hub.clock.advance(3_600_000)
  change(hub)
  hub.clock.advance(60_000)
  await loadAndBuild(hub)
  return hub
}

async function loadAndBuild(opened: Hub): Promise<void> {
  for (const argv of [['load', 'amocrm', ...modelEntities], ['transform']]) {
    const { exitCode, err } = await opened.hubdwh(...argv)
    expect(exitCode, err).toBe(0)
  }
}

const deleted = (table: string, id: string): string =>
  `select ${id} as id from silver.${table} where is_deleted order by 1`

describe('what is gone from amoCRM', () => {
  it('is marked as deleted with its last values: a lead in the bin', async () => {
    const { rows } = await edited(({ world }) => world.remove('leads', 3))
    expect(await rows('select lead_id, price from silver.amocrm_leads where is_deleted')).toEqual([
      { lead_id: 3, price: 30 },
    ])
  })

  it('is marked as deleted: contacts, companies and tasks, which only events tell', async () => {
    const { rows } = await edited(({ world }) => {
      world.remove('contacts', 702)
      world.remove('companies', 501)
      world.remove('tasks', 802)
    })
    expect(await rows(deleted('amocrm_contacts', 'contact_id'))).toEqual([{ id: 702 }])
    expect(await rows(deleted('amocrm_companies', 'company_id'))).toEqual([{ id: 501 }])
    expect(await rows(deleted('amocrm_tasks', 'task_id'))).toEqual([{ id: 802 }])
    expect(await rows('select company_id from gold.amocrm_client_analytics order by 1')).toEqual([
      { company_id: 500 },
      { company_id: 502 },
    ])
  })

  it('comes back when it is restored', async () => {
    const opened = await edited(({ world }) => world.remove('companies', 501))
    opened.clock.advance(3_600_000)
    opened.world.restore('companies', 501)
    opened.clock.advance(60_000)
    await loadAndBuild(opened)
    expect(await opened.rows(deleted('amocrm_companies', 'company_id'))).toEqual([])
    expect(await opened.rows('select count(*) as n from gold.amocrm_client_analytics')).toEqual([{ n: 3 }])
  })

  it('is found by a full load: a contact that was merged into another', async () => {
    const opened = await edited(({ world }) => world.mergeContacts(703, 701))
    opened.clock.advance(60_000)
    const { exitCode } = await opened.hubdwh('load', 'amocrm', 'contacts', '--full')
    expect(exitCode).toBe(0)
    await opened.hubdwh('transform')
    expect(await opened.rows(deleted('amocrm_contacts', 'contact_id'))).toEqual([{ id: 703 }])
  })

  it('keeps its names: users, statuses and pipelines that are listed no more', async () => {
    const { rows } = await edited(({ world }) => {
      world.removeUser(101)
      world.removeStatus(1, 11)
      world.removePipeline(2)
    })
    expect(await rows('select user_id, user_name from silver.amocrm_users where not is_active')).toEqual([
      { user_id: 101, user_name: 'Менеджер 101' },
    ])
    expect(
      await rows(`select distinct status_name, pipeline_name from silver.amocrm_leads where status_id = 11`),
    ).toEqual([{ status_name: 'Новая 1', pipeline_name: 'Воронка 1' }])
    expect(
      await rows(
        `select distinct responsible_user_name from silver.amocrm_leads where responsible_user_id = 101`,
      ),
    ).toEqual([{ responsible_user_name: 'Менеджер 101' }])
  })

  it('is renamed everywhere: a user, a status, a pipeline', async () => {
    const { rows } = await edited(({ world }) => {
      world.renameUser(101, 'Новое имя')
      world.renameStatus(1, 11, 'Другая')
      world.renamePipeline(1, 'Продажи')
    })
    expect(
      await rows(
        `select distinct responsible_user_name, status_name, pipeline_name from silver.amocrm_leads
         where responsible_user_id = 101`,
      ),
    ).toEqual([{ responsible_user_name: 'Новое имя', status_name: 'Другая', pipeline_name: 'Продажи' }])
    expect(
      await rows(
        `select distinct responsible_user_name from gold.amocrm_manager_activity where responsible_user_id = 101`,
      ),
    ).toEqual([{ responsible_user_name: 'Новое имя' }])
    expect(
      await rows(
        `select distinct pipeline_name, status_name from gold.amocrm_sales_funnel where status_id = 11`,
      ),
    ).toEqual([{ pipeline_name: 'Продажи', status_name: 'Другая' }])
  })
})
