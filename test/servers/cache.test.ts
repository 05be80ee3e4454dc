import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { kept } from '../../servers/cache.mjs'

let cache: string
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'hubdwh-test-'))
  vi.stubEnv('HUBDWH_CACHE', cache)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(cache, { recursive: true, force: true })
})

const withText = (text: string) => (folder: string) => writeFile(join(folder, 'part'), text)

describe('what is kept', () => {
  it('is brought once', async () => {
    await kept('jars', withText('first'))
    const folder = await kept('jars', withText('second'))
    expect(await readFile(join(folder, 'part'), 'utf8')).toBe('first')
  })

  it('is not there where bringing it failed, and is brought the next time', async () => {
    const broken = kept('jars', async folder => {
      await withText('half')(folder)
      throw new Error('the line went dead')
    })
    await expect(broken).rejects.toThrow('the line went dead')
    expect(await readdir(cache)).toEqual([])
    expect(existsSync(join(await kept('jars', withText('whole')), 'part'))).toBe(true)
  })

  it('is whole and one where two bring it at once', async () => {
    const folders = await Promise.all([kept('jars', withText('a')), kept('jars', withText('b'))])
    expect(new Set(folders).size).toBe(1)
    expect(await readdir(cache)).toEqual(['jars'])
    expect(await readFile(join(cache, 'jars/part'), 'utf8')).toMatch(/^[ab]$/)
  })

  it('does without what killed processes have left, and leaves alone what others bring', async () => {
    const dead = spawn(process.execPath, ['--eval', ''])
    await once(dead, 'exit')
    const abandoned = `filling-${dead.pid}-x`
    const others = `filling-${process.ppid}-x`
    await Promise.all([abandoned, others].map(name => mkdir(join(cache, name))))
    await kept('jars', withText('whole'))
    expect((await readdir(cache)).sort()).toEqual([others, 'jars'])
  })
})
