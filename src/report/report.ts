/** The report: the marts as one self-contained page. */
import type { PipelineContext } from '../pipeline/context.js'
import type { Language } from './language.js'
import { readReport } from './read-report.js'
import { renderReport } from './render.js'

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
  return renderReport(await readReport(context, language))
}
