import type { RunningServers } from '../warehouse/servers.js'

/**
 * The cases that are played where a suite has servers: one of each kind of thing that an engine or a catalog could do in
 * another way than DuckDB's file. What models compute from rows is told by all cases in the file; GOLDEN=all plays them all here,
 * too, and GOLDEN=names,versions these.
 */
export const casesOnServers: Readonly<Record<string, string>> = {
  attendance: 'times of day, and hours between them rounded half up',
  'set-aside-visits': 'what is set aside of rows, with texts that are no times and no numbers',
  'check-digits': 'arithmetic on digits of a text',
  'masking-hash': 'hashes that come from outside the engine are joined in',
  'spec-by-iin': 'a person read by themselves, in place of days',
  'visits-again': 'an answer takes the place of another; Bronze keeps both; built step by step',
  months: 'rows of a month that is there are changed, and those of others are not',
  'time-zone-change': 'instants of local times in a zone whose rules changed, in an hour that came twice',
  'clients-again': "texts that are cleaned; sums and averages; lists of a row's companies",
  'stages-again': 'medians and durations, and history that is rewritten behind a row',
  'seen-twice': 'which version of a record counts where times are equal',
  'deleted-in-the-second-of-a-read': 'events, bins and lists tell one story, within a second',
  'events-set-aside': 'instants beyond the year 9999',
  'load-broken-off': 'rows of a load that was broken off are read by nobody',
  'arm-tables': 'tables of others in the same catalog, and a mart whose columns the configuration gives',
  'arm-formats': 'tables of others in files',
}

/**
 * Of those on Spark, where a case with a whole account takes minutes. What all models compute there is held against a
 * DuckDB file by test/same-rows.
 */
const casesOnSpark: readonly string[] = ['attendance', 'set-aside-visits', 'spec-by-iin', 'time-zone-change']

/**
 * Those of the cases that are to be played.
 * @param suite undefined where there are no servers
 */
export function chosenFrom(
  cases: readonly string[],
  suite: RunningServers['suite'] | undefined,
): readonly string[] {
  const wanted = process.env.GOLDEN
  if (wanted === 'all' || (wanted === undefined && suite === undefined)) return cases
  const usual = suite === 'spark' ? casesOnSpark : Object.keys(casesOnServers)
  const chosen = wanted === undefined ? usual : wanted.split(',')
  const unknown = chosen.filter(name => !cases.includes(name))
  if (unknown.length > 0) throw new Error(`There are no golden cases ${unknown.join(', ')}.`)
  return cases.filter(name => chosen.includes(name))
}
