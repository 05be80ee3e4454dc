/** How things stand, for machines. docs/status.md tells every field; names stay. */
import { daysBetween } from '../../calendar.js'
import type { JsonObject } from '../../json.js'
import { type NextStep, stateOf } from '../../pipeline/status/next-steps.js'
import type { Status, WarehouseFacts } from '../../pipeline/status/status.js'

export function statusJson(status: Status, steps: readonly NextStep[]): JsonObject {
  const { checkedAt, path, warehouse, facts, landing, token } = status
  return {
    state: stateOf(steps),
    checked_at: instant(checkedAt),
    next: steps.map(({ code, level, sentence, command, runbook }) => ({
      code,
      level,
      sentence,
      command,
      runbook: runbook ?? null,
    })),
    warehouse: {
      path,
      state: warehouse.state,
      bytes: warehouse.state === 'ready' ? warehouse.bytes : null,
      absent: facts ? [...facts.absent.tables, ...facts.absent.columns] : [],
    },
    ...factsJson(facts),
    packages: landing.packages.map(each => ({
      load_id: each.loadId,
      source: each.source,
      entity: each.entity,
      state: each.state,
      created_at: instant(each.createdAt),
      is_under_way: each.isUnderWay,
    })),
    damaged_packages: [...landing.damaged],
    loaders: landing.loaders.map(({ source, entity, pid, host, isDead }) => ({
      source,
      entity,
      pid,
      host,
      is_dead: isDead,
    })),
    unpublished: status.unpublished.map(({ place, tables }) => ({ place, tables: [...tables] })),
    token: token
      ? { ends_at: token.endsAt === null ? null : instant(token.endsAt), problem: token.problem }
      : null,
  }
}

/** The same fields, empty, where there is no warehouse to look into. */
function factsJson(facts: WarehouseFacts | undefined): JsonObject {
  return {
    tables: (facts?.tables ?? []).map(table => ({
      table: table.table,
      schema: table.schema,
      rows: table.rows,
      updated_at: table.updatedAt,
      read_until: table.until,
      rejects: table.rejects,
      is_behind: table.isBehind,
    })),
    entities: (facts?.entities ?? []).map(({ source, entity, loadedAt, readUntil, isStale }) => ({
      source,
      entity,
      loaded_at: loadedAt === null ? null : instant(loadedAt),
      read_until: readUntil === null ? null : instant(readUntil),
      is_stale: isStale,
    })),
    gaps: (facts?.gaps ?? []).map(({ from, to }) => ({ from, to, days: daysBetween(from, to) + 1 })),
    held_days: [...(facts?.heldDays ?? [])],
    rejects: (facts?.rejects ?? []).map(({ table, rule, rows }) => ({ table, rule, rows })),
    checks: (facts?.checks ?? []).map(check => ({
      check: check.check,
      table: check.table,
      severity: check.severity,
      status: check.status,
      failing_rows: check.failingRows,
      checked_at: check.checkedAt,
    })),
    schema_changes: (facts?.schemaChanges ?? []).map(change => ({
      source: change.source,
      entity: change.entity,
      field: change.field,
      change: change.change,
      types_before: [...change.typesBefore],
      types_after: [...change.typesAfter],
      noticed_at: change.noticedAt,
    })),
    open_sweeps: (facts?.openSweeps ?? []).map(({ entity, missing, startedAt }) => ({
      entity,
      missing,
      started_at: instant(startedAt),
    })),
    unaccounted: (facts?.unaccounted ?? []).map(({ table, loadId, difference }) => ({
      table,
      load_id: loadId,
      difference,
    })),
    erasures: facts?.erasures ?? 0,
  }
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
