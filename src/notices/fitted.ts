/** Cutting a message to what a channel takes. */
import type { Notice } from './notice.js'

/** A name is cut after so many characters. */
const longestItem = 120

/**
 * As many items of the notice's list as `fits` allows, each cut to a length that a line can have, and a line that says
 * how many were left out.
 * @param fits whether a message with these items is short enough
 */
export function fittedItems(notice: Notice, fits: (items: readonly string[]) => boolean): readonly string[] {
  const items = notice.items.map(item => cut(item, longestItem))
  for (let kept = items.length; kept >= 0; kept--) {
    const rest = items.length - kept
    const shown = rest === 0 ? items : [...items.slice(0, kept), notice.andMore(rest)]
    if (fits(shown)) return shown
  }
  return []
}

/** The text, with an ellipsis where it is longer; never half a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const graphemes = new Intl.Segmenter().segment(text.slice(0, most + 1))
  let kept = ''
  for (const { segment } of graphemes) {
    if (kept.length + segment.length >= most) break
    kept += segment
  }
  return `${kept}…`
}

/** A notice as plain text: what mail and webhooks carry. */
export function plainText(notice: Notice, items: readonly string[] = notice.items): string {
  const { sentences, commands, when } = notice
  const blocks = [sentences.join('\n'), items.map(item => `• ${item}`).join('\n'), commands.join('\n'), when]
  return blocks.filter(block => block !== '').join('\n\n')
}
