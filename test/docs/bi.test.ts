/** docs/bi.md and docs/bi.ru.md: their examples are configurations, and both say the same. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.js'

const [english = '', russian = ''] = ['bi.md', 'bi.ru.md'].map(name =>
  readFileSync(resolve(import.meta.dirname, '../../docs', name), 'utf8'),
)

/** The fenced blocks of one language. */
function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w+)\n([^`]*)^```$/gm)]
    .filter(([, kind]) => kind === language)
    .map(([, , block = '']) => block)
}

/** Without comments. */
function code(block: string): string {
  return block.replaceAll(/[ \t]+#.*$/gm, '')
}

const secrets = [...english.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
const env = {
  HUBDWH_PRIVACY_KEY: '0123456789abcdef'.repeat(4),
  ALAQAN_API_KEY: 'a-key-of-tests',
  ...Object.fromEntries(secrets.map(name => [name, `https://invented.example.kz/${name}`])),
}

async function kindsIn(publish: string): Promise<readonly string[]> {
  const yaml = `alaqan: {api_key: "\${ALAQAN_API_KEY}"}\nprivacy: {key: "\${HUBDWH_PRIVACY_KEY}"}\n${publish}`
  const { config } = await loadConfig('hubdwh.yaml', {
    ...{ env, cwd: '/srv' },
    readText: async path => (path === '/srv/hubdwh.yaml' ? yaml : undefined),
  })
  return config.publish.map(({ kind }) => kind)
}

describe('docs/bi.md', () => {
  it('begins with a configuration of every place', async () => {
    const [whole = ''] = blocks(english, 'yaml')
    expect(await kindsIn(whole)).toEqual(['file', 'superset', 'metabase', 'powerbi', 'webhook', 'report'])
  })

  const alone = blocks(english, 'yaml').slice(1)
  it.each(alone.map(block => [/^- (\w+)/.exec(block)?.[1] ?? '', block] as const))(
    'shows %s alone as it is written',
    async (kind, block) => {
      const example = block.replaceAll('…', '00000000-0000-0000-0000-000000000000')
      expect(await kindsIn(`publish:\n${example}`)).toEqual([kind])
    },
  )

  it('says the same in Russian: the same headings, tables and examples', () => {
    const shape = (text: string) => ({
      headings: (text.match(/^#+ /gm) ?? []).map(mark => mark.length),
      rows: (text.match(/^\|/gm) ?? []).length,
      steps: (text.match(/^\d\. /gm) ?? []).length,
      yaml: blocks(text, 'yaml').map(code),
      json: blocks(text, 'json'),
    })
    expect(shape(russian)).toEqual(shape(english))
    expect(shape(english).headings.length).toBeGreaterThan(8)
  })
})
