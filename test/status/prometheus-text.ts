/**
 * A strict reader of the text format of Prometheus (version 0.0.4), as node_exporter's textfile collector reads it:
 * one group of HELP, TYPE and samples a metric, no timestamps, no sample twice, a line feed at the end.
 */

export interface ReadSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const sampleLine = new RegExp(`^(${metricName})(?:\\{(.*)\\})? (\\S+)$`)
const oneLabel = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/
const number = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/

/** @throws Error naming the first line that breaks the format */
export function readPrometheusText(text: string): readonly ReadSample[] {
  if (!text.endsWith('\n')) throw new Error('No line feed at the end')
  const samples: ReadSample[] = []
  const seen = new Set<string>()
  const done = new Set<string>()
  let group: { name: string; type: string | undefined } | undefined
  for (const line of text.slice(0, -1).split('\n')) {
    const [, help] = new RegExp(`^# HELP (${metricName}) (?:[^\\\\]|\\\\\\\\|\\\\n)+$`).exec(line) ?? []
    if (help !== undefined) {
      if (done.has(help)) throw new Error(`${help} is told twice`)
      done.add(help)
      group = { name: help, type: undefined }
      continue
    }
    const [, typed, type] = new RegExp(`^# TYPE (${metricName}) (gauge|counter)$`).exec(line) ?? []
    if (typed !== undefined) {
      if (group?.name !== typed || group.type !== undefined) throw new Error(`TYPE without its HELP: ${line}`)
      if ((type === 'counter') !== typed.endsWith('_total'))
        throw new Error(`A name for another type: ${line}`)
      group = { name: typed, type }
      continue
    }
    const sample = sampleLine.exec(line)
    if (!sample) throw new Error(`No line of the format: ${line}`)
    const [, name = '', labelText, value = ''] = sample
    if (group?.name !== name || group.type === undefined) throw new Error(`Outside its group: ${line}`)
    if (!number.test(value)) throw new Error(`No number: ${line}`)
    const labels = labelText === undefined ? {} : labelsIn(labelText, line)
    const key = `${name}${JSON.stringify(Object.entries(labels).sort())}`
    if (seen.has(key)) throw new Error(`Told twice: ${line}`)
    seen.add(key)
    samples.push({ name, labels, value: Number(value) })
  }
  return samples
}

function labelsIn(text: string, line: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {}
  for (let rest = text; rest !== ''; ) {
    const found = oneLabel.exec(rest)
    if (!found) throw new Error(`No labels: ${line}`)
    const [whole, name = '', value = ''] = found
    if (name in labels || name.startsWith('__')) throw new Error(`A label that cannot be: ${line}`)
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    rest = rest.slice(whole.length)
  }
  return labels
}
