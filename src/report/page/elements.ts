/** Elements of the page. Texts become text nodes, so that nothing in a name is ever read as HTML. */

export type Child = Node | string | undefined

export interface Attributes {
  readonly [name: string]: string | number | boolean | undefined
}

/** An element with attributes (true: present without a value; false and undefined: absent) and children. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children.filter(child => child !== undefined))
  return made
}

/** A name from the data: whatever its script, it does not turn what stands around it. */
export function nameOf(name: string | null, unnamed: string): HTMLElement {
  return name === null || name.trim() === ''
    ? element('em', {}, unnamed)
    : element('bdi', { class: 'name' }, name)
}

/** A text for screen readers alone. */
export function spoken(text: string): HTMLElement {
  return element('span', { class: 'spoken' }, text)
}
