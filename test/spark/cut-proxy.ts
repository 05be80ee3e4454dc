/** A way to a server that breaks off in the middle of a statement. */
import { type ServerProxy, startProxy } from './proxy.js'

export interface CutProxy extends ServerProxy {
  /** How often it has broken off. */
  cuts(): number
}

/**
 * Passes on everything, until a text comes by on its way to the server: then the text is passed on, and the connection breaks
 * off at once, so that whoever asked never hears what became of it.
 * @param texts each breaks the connection off once, in this order
 * @param onCut called at each
 */
export async function startCutProxy(
  target: { readonly host: string; readonly port: number },
  texts: readonly string[],
  onCut: () => void = () => {},
): Promise<CutProxy> {
  const waiting = [...texts]
  let cuts = 0
  const proxy = await startProxy(target, bytes => {
    const [next] = waiting
    const isLast = next !== undefined && bytes.includes(next)
    if (isLast) {
      waiting.shift()
      cuts += 1
      onCut()
    }
    return { bytes, isLast }
  })
  return { ...proxy, cuts: () => cuts }
}
