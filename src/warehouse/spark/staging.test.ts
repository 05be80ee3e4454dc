import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderStaging } from './staging.js'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hubdwh-staging-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe('a folder for staging', () => {
  it('gives each session a part of its own, which its end takes away', async () => {
    const staging = folderStaging(join(root, 'not there yet'))
    const [one, two] = [await staging.openArea(), await staging.openArea()]
    const first = await one.putText('a', 'one')
    const second = await two.putText('a', 'two')
    expect(await readFile(first.slice('file:'.length), 'utf8')).toBe('one')
    await one.clear()
    expect(existsSync(first.slice('file:'.length))).toBe(false)
    expect(await readFile(second.slice('file:'.length), 'utf8')).toBe('two')
  })

  it('lets the group read and write, as Spark may run as another user, and nobody else', async () => {
    const area = await folderStaging(root).openArea()
    await writeFile(join(root, 'rows'), 'x')
    const file = (await area.put('rows.parquet', join(root, 'rows'))).slice('file:'.length)
    expect((await stat(file)).mode & 0o777).toBe(0o660)
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o770)
  })

  it('removes what dead processes of this machine have left, and nothing else', async () => {
    const staging = folderStaging(root)
    const area = await staging.openArea()
    const kept = await area.putText('a', 'kept')
    const here = hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')
    // No system has a process of that number.
    const left = [`session-${here}-4194999-1`, 'session-elsewhere-4194999-1', 'theirs']
    for (const name of left) await mkdir(join(root, name))
    await staging.removeLeftovers()
    expect(left.filter(name => existsSync(join(root, name)))).toEqual([
      'session-elsewhere-4194999-1',
      'theirs',
    ])
    expect(existsSync(kept.slice('file:'.length))).toBe(true)
  })

  it('says what to do where it cannot be written', async () => {
    await writeFile(join(root, 'file'), '')
    await expect(folderStaging(join(root, 'file')).openArea()).rejects.toThrow(/EEXIST|ENOTDIR/)
  })
})
