/**
 * The cases that are played where a suite has servers: one of each kind of thing that an engine or a catalog could do in
 * another way than DuckDB's file. What models compute from rows is told by all cases in the file; GOLDEN=all plays them all here, too.
 */
export const casesOnServers: Readonly<Record<string, string>> = {
  attendance: 'times of day, instants and days in a zone; hours as decimals; parted by month and year',
  'set-aside-visits': 'rows that Silver sets aside, and texts that are no times',
  'check-digits': 'arithmetic on digits of a text',
  'masking-hash': 'hashes that come from outside the engine are joined in',
  'spec-by-iin': 'a person read by themselves, in place of days',
  'visits-again': 'an answer takes the place of another; Bronze keeps both; built step by step',
  months: 'rows of a month that is there are changed, and those of others are not',
  'time-zone-change': 'everything is built anew over what stands',
  'clients-again': 'lists and JSON, and rows that leave a mart',
  'stages-again': 'medians, and history that is rewritten behind a row',
  'seen-twice': 'versions of one record with equal times',
  'deleted-in-the-second-of-a-read': 'events, bins and lists tell one story, within a second',
  'events-set-aside': 'instants beyond what a type holds',
  'load-broken-off': 'rows of a load that was broken off are read by nobody',
  'arm-tables': 'tables of others in the same catalog, and a mart whose columns the configuration gives',
  'arm-formats': 'tables of others in files',
}

/** Those of the cases that are to be played. */
export function chosenFrom(cases: readonly string[], hasServers: boolean): readonly string[] {
  if (!hasServers || process.env.GOLDEN === 'all') return cases
  const unknown = Object.keys(casesOnServers).filter(name => !cases.includes(name))
  if (unknown.length > 0) throw new Error(`There are no golden cases ${unknown.join(', ')}.`)
  return cases.filter(name => name in casesOnServers)
}
