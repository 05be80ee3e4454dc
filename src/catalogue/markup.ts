/** Pieces of HTML and SVG that say a thing in both languages. */
import type { Text } from '../tables/table.js'

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** A text of which the page shows the chosen language. */
export function both({ ru, en }: Text): string {
  if (ru === en) return escaped(ru)
  return `<span class="ru" lang="ru">${escaped(ru)}</span><span class="en" lang="en">${escaped(en)}</span>`
}

/** The same inside a drawing. */
export function bothIn({ ru, en }: Text, attributes: string): string {
  if (ru === en) return `<text ${attributes}>${escaped(ru)}</text>`
  return (
    `<text class="ru" lang="ru" ${attributes}>${escaped(ru)}</text>` +
    `<text class="en" lang="en" ${attributes}>${escaped(en)}</text>`
  )
}

/** The anchor of a table's section. */
export function anchorOf(table: string): string {
  return table.replace('.', '-')
}

/** A link to a table's section. */
export function linkTo(table: string): string {
  return `<a href="#${anchorOf(table)}"><code>${escaped(table)}</code></a>`
}
