/** What every block of the page is drawn from. */
import type { Choice } from '../filters.js'
import type { Format } from '../format.js'
import type { ReportData } from '../report-data.js'
import type { Months } from '../totals.js'
import type { Wording } from '../wording.js'

export interface View {
  readonly data: ReportData
  readonly choice: Choice
  readonly known: Months
  readonly wording: Wording
  readonly format: Format
}
