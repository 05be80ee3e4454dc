import type { Engine } from '../warehouse/engine.js'

/** What a column of others holds, whatever the engine calls its type. */
export type ColumnKind = 'text' | 'day' | 'wall clock' | 'instant' | 'whole number' | 'number' | 'other'

const patterns: Readonly<Record<Engine['name'], readonly (readonly [ColumnKind, RegExp])[]>> = {
  duckdb: [
    ['text', /^VARCHAR$/i],
    ['day', /^DATE$/i],
    ['wall clock', /^TIMESTAMP(_S|_MS|_NS)?$/i],
    ['instant', /^TIMESTAMP WITH TIME ZONE$/i],
    ['number', /^(DOUBLE|FLOAT|DECIMAL)/i],
    ['whole number', /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/i],
  ],
  spark: [
    ['text', /^(STRING|(VAR)?CHAR)/i],
    ['day', /^DATE$/i],
    ['wall clock', /^TIMESTAMP_NTZ$/i],
    ['instant', /^TIMESTAMP(_LTZ)?$/i],
    ['number', /^(DOUBLE|FLOAT|DECIMAL)/i],
    ['whole number', /^(TINY|SMALL|BIG)?INT(EGER)?$/i],
  ],
}

/** @param type as the engine calls it */
export function columnKind(type: string, engine: Engine['name']): ColumnKind {
  return patterns[engine].find(([, pattern]) => pattern.test(type))?.[0] ?? 'other'
}
