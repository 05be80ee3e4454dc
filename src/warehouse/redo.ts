/** Work that is done again where somebody else has changed the same tables meanwhile. */

export interface Conflict {
  /** Whether the error tells of that. */
  readonly isMeant: (error: unknown) => boolean
  /** What to wait for before the work is done again. @param attempt from 1 */
  readonly wait: (attempt: number) => Promise<void>
}

/** How often work is done again where others keep changing the same tables. */
const mostAttempts = 8

/** @throws what the work throws, a conflict after so many attempts */
export async function redoing<T>(work: () => Promise<T>, conflict: Conflict | undefined): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === mostAttempts || !conflict?.isMeant(error)) throw error
      await conflict.wait(attempt)
    }
  }
}
