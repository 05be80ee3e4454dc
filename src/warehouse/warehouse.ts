import type { TableFacts } from './care.js'
import type { Engine } from './engine.js'

export interface OpenOptions {
  /** `write` makes what is missing of schemas and tables. */
  readonly access: 'read' | 'write'
  /** How long to wait for another process to finish with it, milliseconds; by default a minute. */
  readonly patience?: number
  /** Stops a statement that is under way. */
  readonly signal?: AbortSignal
  /**
   * `little`: the work lets its rows pass through, so that it does without much, however many they are. Where it does not
   * after all, it ends with `memory_full`, and can be done once more without this.
   */
  readonly memory?: 'little'
}

/** Where the tables are, whichever engine speaks to them. */
export interface Warehouse {
  /** What a person knows it by: a path, an address. */
  readonly place: string
  /** Whether anything was ever loaded there. */
  exists(): Promise<boolean>
  /**
   * Keep sessions short: nobody else can write meanwhile.
   * @throws UnavailableError where it cannot be reached or another process has it longer than one waits;
   *   UsageError `warehouse_missing` where it is to be read and does not exist yet
   */
  open(options: OpenOptions): Promise<Engine>
  /** What its tables consist of, where they are Iceberg's; undefined where there is nothing to take care of. */
  facts(signal?: AbortSignal): Promise<readonly TableFacts[] | undefined>
  /** How many bytes it takes, where that is known. */
  size(): Promise<number | undefined>
  /** Takes away what a killed process has left of its work outside the tables; to be called while it is open for writing. */
  dropLeftovers(): Promise<void>
  /**
   * Sees to it that nothing of the rows that were deleted can be read any more, in whatever way the storage is looked at.
   * @throws UnavailableError where that cannot be done now
   */
  purge(signal?: AbortSignal): Promise<void>
}
