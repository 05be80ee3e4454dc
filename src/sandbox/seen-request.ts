import type { Api } from './faults.js'

/** A request as `beforeRequest` sees it. */
export interface SeenRequest {
  /** The number of the request since the sandbox started, from 1. */
  readonly n: number
  readonly api: Api | undefined
  readonly method: string
  readonly path: string
  /** What follows the `?`, percent-decoded; empty where there is nothing. */
  readonly query: string
}
