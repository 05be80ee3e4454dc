import type { Command } from 'commander'
import type { AmocrmConfig } from '../../config/config.js'
import { UsageError } from '../../errors.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import type { FieldDefinition, MappedField } from '../checks/custom-fields.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

/** `hubdwh discover` */
export function addDiscover(program: Command, run: RunAction): void {
  program
    .command('discover')
    .summary("amoCRM's pipelines and custom fields, and what the mapping finds")
    .description(
      "Lists the account's pipelines, statuses and custom fields, and what amocrm.custom_fields finds.",
    )
    .addHelpText(
      'after',
      `
Examples:
  hubdwh discover
  hubdwh discover --json`,
    )
    .action((_: object, command: Command) =>
      run(command, async session => {
        const context = await openContext(session)
        const { amocrm } = context.config
        if (amocrm === undefined) {
          throw new UsageError('amocrm_not_configured', 'The configuration has no amoCRM.', {
            advice:
              'Add the section amocrm to it; "hubdwh init --config other.yaml" writes one that shows how it looks.',
          })
        }
        return discover(amocrm, context)
      }),
    )
}

async function discover(amocrm: AmocrmConfig, context: Context): Promise<Outcome> {
  const { amocrmClient } = await import('../checks/amocrm.js')
  const { findMappedFields, readFieldDefinitions } = await import('../checks/custom-fields.js')
  const client = amocrmClient(amocrm, context)
  const { records } = await client.page('/api/v4/leads/pipelines', 'pipelines', context.signal)
  const statuses = records.flatMap(statusesIn)
  const definitions = await readFieldDefinitions(client, context.signal)
  const mapped = findMappedFields(amocrm.customFields, definitions)
  show(context, statuses, definitions, mapped)
  return {
    json: {
      statuses: statuses.map(status => ({ ...status })),
      custom_fields: definitions.map(({ owner, id, code, type, name }) => ({
        entity: owner,
        id,
        code: code ?? null,
        type,
        name,
        mapped_as: purposesOf(id, owner, mapped),
      })),
      mapping: mapped.map(({ purpose, owner, found }) => ({
        purpose,
        entity: owner,
        field_id: found?.id ?? null,
      })),
    },
  }
}

interface Status {
  readonly pipeline_id: JsonValue
  readonly pipeline: JsonValue
  readonly status_id: JsonValue
  readonly status: JsonValue
  readonly sort: JsonValue
}

function statusesIn(pipeline: JsonValue): Status[] {
  if (!isJsonObject(pipeline)) return []
  const lists = isJsonObject(pipeline._embedded) ? pipeline._embedded : {}
  const statuses: readonly JsonValue[] = Array.isArray(lists.statuses) ? lists.statuses : []
  return statuses.filter(isJsonObject).map((status: JsonObject) => ({
    pipeline_id: pipeline.id ?? null,
    pipeline: pipeline.name ?? null,
    status_id: status.id ?? null,
    status: status.name ?? null,
    sort: status.sort ?? null,
  }))
}

function purposesOf(id: number, owner: string, mapped: readonly MappedField[]): string[] {
  return mapped.filter(({ found }) => found?.id === id && found.owner === owner).map(({ purpose }) => purpose)
}

function show(
  { results, reporter }: Context,
  statuses: readonly Status[],
  definitions: readonly FieldDefinition[],
  mapped: readonly MappedField[],
): void {
  results.print('Pipelines and statuses\n')
  results.table(
    ['pipeline_id', 'pipeline', 'status_id', 'status', 'sort'].map(name => ({ name })),
    statuses.map(({ pipeline_id, pipeline, status_id, status, sort }) => [
      pipeline_id,
      pipeline,
      status_id,
      status,
      sort,
    ]),
  )
  results.print('\nCustom fields\n')
  results.table(
    ['entity', 'id', 'code', 'type', 'name', 'mapped as'].map(name => ({ name })),
    definitions.map(({ owner, id, code, type, name }) => [
      owner,
      id,
      code ?? '',
      type,
      name,
      purposesOf(id, owner, mapped).join(', '),
    ]),
  )
  for (const { purpose, owner, wanted, found } of mapped) {
    if (found) continue
    reporter.warn(
      `${owner} have no field for "${purpose}" (looked for ${wanted.join(', ')}): name one of the above under amocrm.custom_fields.${purpose}.`,
    )
  }
}
