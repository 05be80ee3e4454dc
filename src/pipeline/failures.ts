/** Loading several entities: what cannot be had now does not hold up the rest, and is told at the end. */
import { AuthorizationError, HubdwhError, InterruptedError, UnavailableError } from '../errors.js'
import type { PipelineContext } from './context.js'
import type { LoadedUnit } from './load.js'
import type { Source } from './source.js'

/** A part of the work that could not be done; the rest was. */
export interface PartFailure {
  /** Whose it is; `arm` for ARM's tables, which are read and not loaded. */
  readonly source: Source | 'arm'
  /** What was to be loaded (`leads`) or built (`gold.amocrm_sales_funnel`; `gold`: all marts of the source). */
  readonly entity: string
  readonly error: HubdwhError
}

export interface SourceLoad {
  readonly loads: readonly LoadedUnit[]
  readonly failures: readonly PartFailure[]
}

export interface NamedEntity {
  readonly source: Source
  readonly name: string
  /** Known to be closed to some tokens, so that being refused is no failure. */
  readonly mayBeClosed?: boolean
}

/** So many entities that a source gives no answer for, one after the other: it is the source that is down. */
const downAfter = 2

/**
 * Loads one entity after the other. A credential that does not work ends the source, and so does a source that gives
 * no answer twice in a row; another failure ends only its entity. What was not tried is among the failures too.
 * @throws InterruptedError, and what is a bug, at once
 */
export async function loadEach(
  context: Pick<PipelineContext, 'reporter'>,
  entities: readonly NamedEntity[],
  load: (entity: NamedEntity) => Promise<readonly LoadedUnit[]>,
): Promise<SourceLoad> {
  const loads: LoadedUnit[] = []
  const failures: PartFailure[] = []
  let unanswered = 0
  for (const [index, entity] of entities.entries()) {
    try {
      loads.push(...(await load(entity)))
      unanswered = 0
    } catch (error) {
      if (!(error instanceof HubdwhError) || error instanceof InterruptedError) throw error
      context.reporter.warn(
        `${entity.source} ${entity.name} could not be loaded: ${error.message} ${error.advice ?? ''}`.trimEnd(),
      )
      if (error.code === 'forbidden' && entity.mayBeClosed) continue
      failures.push({ source: entity.source, entity: entity.name, error })
      unanswered = error.code === 'source_unavailable' ? unanswered + 1 : 0
      if (!endsSource(error) && unanswered < downAfter) continue
      const untried = entities.slice(index + 1)
      if (untried.length > 0) {
        context.reporter.warn(
          `${entity.source}: not tried now: ${untried.map(({ name }) => name).join(', ')}`,
        )
      }
      failures.push(...untried.map(({ source, name }) => ({ source, entity: name, error })))
      break
    }
  }
  return { loads, failures }
}

/** Whether the other entities of the source would meet the same error. */
function endsSource(error: HubdwhError): boolean {
  const isAboutRights = error.code === 'forbidden'
  return (
    (error instanceof AuthorizationError && !isAboutRights) ||
    error.code === 'blocked' ||
    error.code === 'account_not_paid'
  )
}

/** Both together. */
export function together(one: SourceLoad, other: SourceLoad): SourceLoad {
  return { loads: [...one.loads, ...other.loads], failures: [...one.failures, ...other.failures] }
}

/** What a person must act on comes before what only time can mend; undefined where nothing failed. */
export function gravestOf(failures: readonly PartFailure[]): HubdwhError | undefined {
  const gravest =
    failures.find(({ error }) => error instanceof AuthorizationError) ??
    failures.find(({ error }) => !(error instanceof UnavailableError)) ??
    failures[0]
  return gravest?.error
}
