/** Rows on disk: lines of JSON, gzip in one or more members. */
export interface RowsFile {
  readonly path: string
  /** No line is longer, in bytes; undefined where nothing tells, as in packages of earlier versions. */
  readonly longest: number | undefined
}
