/**
 * What the catalogue does in a browser, where scripts are allowed: search, the paths through the drawing, and the language
 * that was chosen the last time. Without it the page shows everything.
 */
export const pageScript = `
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)]
  const root = document.documentElement
  root.classList.add('scripted')

  // The language: also for readers of screens, and for the next time.
  const remembered = key => { try { return localStorage.getItem(key) } catch { return null } }
  const remember = (key, value) => { try { localStorage.setItem(key, value) } catch {} }
  for (const choice of all('input[name=language]')) {
    if (choice.value === remembered('hubdwh-language')) choice.checked = true
    if (choice.checked) root.lang = choice.value
    choice.addEventListener('change', () => { root.lang = choice.value; remember('hubdwh-language', choice.value) })
  }

  // The search: every word must stand somewhere in a table, in either language.
  const search = document.getElementById('search')
  const found = document.getElementById('found')
  const tables = all('.table').map(table => ({ table, text: table.textContent.toLowerCase() }))
  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
    let count = 0
    for (const { table, text } of tables) {
      table.hidden = !words.every(word => text.includes(word))
      if (!table.hidden) count += 1
      for (const row of all('tbody.columns tr', table)) {
        row.hidden = false
        if (words.length === 0) continue
        const matching = all('tbody.columns tr', table).filter(other => words.some(word => other.textContent.toLowerCase().includes(word)))
        row.hidden = matching.length > 0 && !matching.includes(row)
      }
    }
    for (const layer of all('.layer')) layer.hidden = !all('.table', layer).some(table => !table.hidden)
    for (const overview of all('.overview')) overview.hidden = words.length > 0
    found.textContent = words.length === 0 ? '' : String(count)
  })

  // The drawing: what is chosen, with everything that it is made of and that is made of it.
  const drawing = document.querySelector('svg.lineage')
  const edges = all('.edge', drawing)
  const chosenTable = document.getElementById('chosen')
  const reached = (start, from, to) => {
    const ids = new Set([start])
    for (const id of ids) for (const edge of edges) if (edge.dataset[from] === id) ids.add(edge.dataset[to])
    return ids
  }
  const choose = id => {
    const up = reached(id, 'to', 'from')
    const down = reached(id, 'from', 'to')
    drawing.classList.add('choosing')
    for (const node of all('.node', drawing)) {
      node.classList.toggle('chosen', up.has(node.dataset.id) || down.has(node.dataset.id))
      node.classList.toggle('pivot', node.dataset.id === id)
    }
    for (const edge of edges) {
      const { from, to } = edge.dataset
      edge.classList.toggle('chosen', (up.has(from) && up.has(to)) || (down.has(from) && down.has(to)))
    }
    const section = document.getElementById(id.replace('.', '-'))
    chosenTable.replaceChildren(id)
    if (section) {
      const link = document.createElement('a')
      link.href = '#' + section.id
      link.textContent = id
      chosenTable.replaceChildren(link)
    }
  }
  const forget = () => {
    drawing.classList.remove('choosing')
    for (const node of all('.chosen, .pivot', drawing)) node.classList.remove('chosen', 'pivot')
    chosenTable.replaceChildren()
  }
  for (const node of all('.node', drawing)) {
    const act = event => {
      event.preventDefault()
      event.stopPropagation()
      if (node.classList.contains('pivot')) forget()
      else choose(node.dataset.id)
    }
    node.addEventListener('click', act)
    if (node.tagName === 'g') node.addEventListener('keydown', event => { if (event.key === 'Enter') act(event) })
  }
  drawing.addEventListener('click', forget)
  document.addEventListener('keydown', event => { if (event.key === 'Escape') forget() })
})()
`.trim()
