/** The report: the marts as one self-contained page. */
import type { PipelineContext } from '../pipeline/context.js'
import type { Language } from './language.js'
import { readReport } from './read-report.js'
import { renderReport } from './render.js'
import { monthsKnown } from './report-period.js'

/** A file that is sent around stays small: where all years do not fit, it covers fewer, and says which. */
const mostBytes = 2_000_000
const monthsCovered = [monthsKnown, 84, 48, 24]

export interface ReportOptions {
  /** In which the page opens; it can be switched on the page. Default: Russian. */
  readonly language?: Language
}

/**
 * The page as it is now: gold's aggregates, how fresh they are, and what draws them.
 * @throws UsageError `warehouse_missing` where nothing was ever loaded; UnavailableError where the warehouse cannot be opened
 */
export async function reportHtml(
  context: PipelineContext,
  { language = 'ru' }: ReportOptions = {},
): Promise<string> {
  return smallEnough(async months => renderReport(await readReport(context, language, months)))
}

/**
 * The first of the pages that fits into {@link mostBytes}: of eleven years, or of fewer.
 * @param make makes the page of so many months
 */
export async function smallEnough(make: (months: number) => Promise<string>): Promise<string> {
  for (const months of monthsCovered) {
    const html = await make(months)
    if (Buffer.byteLength(html) < mostBytes) return html
  }
  throw new Error(`The report of ${monthsCovered.at(-1)} months does not fit into ${mostBytes} bytes.`)
}
