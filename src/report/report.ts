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
  for (const months of monthsCovered) {
    const html = await renderReport(await readReport(context, language, months))
    if (Buffer.byteLength(html) < mostBytes) return html
  }
  throw new Error('The report of two years is larger than it can be.')
}
