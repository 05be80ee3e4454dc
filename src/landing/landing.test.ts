import { appendFile, mkdir, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Disk, systemDisk } from '../durable-file.js'
import { type Clock, silentReporter } from '../effects.js'
import { type AnswerMessage, type Extraction, MalformedAnswerError } from '../extraction.js'
import { isJsonObject, type JsonValue } from '../json.js'
import { land } from './land.js'
import {
  createPackage,
  discard,
  type LoadPackage,
  listPackages,
  listUnfinished,
  markLoaded,
  openPackage,
  packageFiles,
  sweepArchive,
} from './load-package.js'
import { openWriter, type PackageWriter } from './package-writer.js'
import { readAnswers } from './read-answers.js'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hubdwh-landing-'))
})
afterEach(() => rm(root, { recursive: true }))

const start = Date.parse('2025-01-31T02:15:00Z')
const clockAt = (instant: number): Clock => ({ now: () => instant, sleep: async () => {} })
const clock = clockAt(start)
const everyCheckpoint = { clock, durableEveryMs: 0 }

let made = 0
const newPackage = (instant = start, entity = 'visits'): Promise<LoadPackage> =>
  createPackage(
    root,
    { source: 'alaqan', entity, table: 'alaqan_visits', window: { from: '2025-01-30' }, plan: { days: 3 } },
    {
      clock: clockAt(instant),
      chance: { fraction: () => 0, hex: () => `3f9a${(made++).toString(16).padStart(2, '0')}` },
    },
  )

const answer = (number: number, body = `{"answer":${number}}`): AnswerMessage => ({
  type: 'answer',
  answer: {
    request: `/employees/byDate?date=${number}`,
    status: 200,
    receivedAt: start + number,
    body: Buffer.from(body),
    facts: [{ visit_date: String(number) }],
  },
  received: 3,
  repeated: [],
  rows: [{ id: number }, { id: number + 0.5 }],
  rejects: [{ rule: 'not_an_object', detail: 'a number', record: '5', position: 2 }],
})

/** An extraction of so many answers, a checkpoint after each, that goes on behind its cursor. */
const answersUpTo = (last: number) =>
  async function* (cursor: JsonValue): Extraction {
    for (let number = typeof cursor === 'number' ? cursor + 1 : 1; number <= last; number += 1) {
      yield answer(number)
      yield { type: 'checkpoint', cursor: number }
    }
    yield { type: 'watermark', watermark: last }
  }

async function landed(target: LoadPackage, last: number, options = everyCheckpoint): Promise<LoadPackage> {
  return land(await openWriter(target, options), answersUpTo(last), { reporter: silentReporter })
}

async function linesOf(path: string): Promise<unknown[]> {
  const text = gunzipSync(await readFile(path)).toString()
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
}

async function idsIn(target: LoadPackage): Promise<unknown[]> {
  return (await linesOf(target.rowsPath)).map(row => (isJsonObject(row) ? row.id : undefined))
}

async function bodiesIn(target: LoadPackage): Promise<string[]> {
  const bodies: string[] = []
  for await (const archived of readAnswers(target)) bodies.push(archived.body.toString())
  return bodies
}

describe('a load package', () => {
  test('is named by source, entity, time and chance, and only its owner may read it', async () => {
    const { dir, manifest, rowsPath } = await newPackage()
    expect(manifest.loadId).toMatch(/^alaqan-visits-20250131T021500Z-3f9a..$/)
    expect(dir).toBe(join(root, 'alaqan', 'visits', manifest.loadId))
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
    expect((await stat(rowsPath)).mode & 0o777).toBe(0o600)
    expect((await stat(join(dir, 'manifest.json'))).mode & 0o777).toBe(0o600)
  })

  test('holds rows, rejects, counts and the watermark when it is whole', async () => {
    const whole = await landed(await newPackage(), 2)
    expect(await idsIn(whole)).toEqual([1, 1.5, 2, 2.5])
    expect(await linesOf(whole.rejectsPath)).toEqual([
      { rule: 'not_an_object', detail: 'a number', record: '5', position: 2, answer: 0 },
      { rule: 'not_an_object', detail: 'a number', record: '5', position: 2, answer: 1 },
    ])
    expect(whole.manifest).toMatchObject({
      state: 'extracted',
      counts: { requests: 2, records: 6, rows: 4, rejects: 2, repeated: 0 },
      watermark: 2,
      extractedAt: start,
    })
    expect((await openPackage(whole.dir)).manifest).toEqual(whole.manifest)
  })

  test('keeps answers byte for byte, also those that are no text', async () => {
    const target = await newPackage()
    const body = Buffer.from([0, 0xff, 0x1f, 0x8b, 10, 13])
    const writer = await openWriter(target, everyCheckpoint)
    await writer.take({
      type: 'answer',
      answer: { request: '/x', status: 200, receivedAt: 7, body },
      received: 3,
      repeated: [0, 2],
      rows: [],
      rejects: [],
    })
    const whole = await writer.finish()
    for await (const archived of readAnswers(whole)) {
      expect(archived).toEqual({
        number: 0,
        request: '/x',
        status: 200,
        receivedAt: 7,
        body,
        facts: [],
        repeated: [0, 2],
      })
    }
    expect(whole.manifest.counts.requests).toBe(1)
  })

  test('takes the records of one answer in several messages', async () => {
    const writer = await openWriter(await newPackage(), everyCheckpoint)
    const [reject] = answer(1).rejects
    await writer.take(answer(1))
    await writer.take({ ...answer(2), received: 5 })
    await writer.take({
      type: 'records',
      rows: [{ id: 2.7 }],
      rejects: reject ? [{ ...reject, position: 4 }] : [],
    })
    await writer.take({ type: 'checkpoint', cursor: 2 })
    const whole = await writer.finish()
    expect(await idsIn(whole)).toEqual([1, 1.5, 2, 2.5, 2.7])
    expect(await linesOf(whole.rejectsPath)).toMatchObject([
      { position: 2, answer: 0 },
      { position: 2, answer: 1 },
      { position: 4, answer: 1 },
    ])
    expect(whole.manifest.counts).toEqual({ requests: 2, records: 8, rows: 5, rejects: 3, repeated: 0 })
  })

  test('without rows still has files that gzip readers accept', async () => {
    const whole = await landed(await newPackage(), 0)
    expect(await linesOf(whole.rowsPath)).toEqual([])
    expect(await bodiesIn(whole)).toEqual([])
  })

  test('has rows without lone surrogates', async () => {
    const writer = await openWriter(await newPackage(), everyCheckpoint)
    await writer.take({ ...answer(1), rows: [{ name: 'a\ud800' }] })
    const whole = await writer.finish()
    expect(gunzipSync(await readFile(whole.rowsPath)).toString()).toBe('{"name":"a\ufffd"}\n')
  })

  test('says how long its rows are at most, also when a second process went on with it', async () => {
    const target = await newPackage()
    const long = { name: 'ж'.repeat(1000) }
    const first = await openWriter(target, everyCheckpoint)
    await first.take({ ...answer(1), rows: [long] })
    await first.take({ type: 'checkpoint', cursor: 1 })
    await first.close()
    const second = await openWriter(target, everyCheckpoint)
    await second.take(answer(2))
    const { longestLines } = (await second.finish()).manifest
    expect(longestLines?.rows).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(long)))
  })

  test('says nothing of that where an earlier version kept some of its rows', async () => {
    const target = await newPackage()
    await landUntil(target, 1, everyCheckpoint)
    const path = join(target.dir, 'manifest.json')
    const { longestLines: _, ...earlier } = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify(earlier))
    expect((await landed(target, 2)).manifest.longestLines).toBeUndefined()
  })

  test('is written by one process at a time', async () => {
    const target = await newPackage()
    const writer = await openWriter(target)
    await expect(openWriter(target)).rejects.toMatchObject({ code: 'locked', exitCode: 3 })
    await expect(discard(target)).rejects.toMatchObject({ code: 'locked' })
    await writer.close()
    await discard(target)
    expect((await listPackages(root)).packages).toEqual([])
  })

  test('is marked as loaded once', async () => {
    const whole = await landed(await newPackage(), 1)
    expect((await markLoaded(whole, start + 5)).manifest).toMatchObject({
      state: 'loaded',
      loadedAt: start + 5,
    })
    expect((await markLoaded(whole, start + 9)).manifest).toMatchObject({ loadedAt: start + 5 })
  })

  test('is not looked at again once it is loaded, however many there are', async () => {
    const loaded = await markLoaded(await landed(await newPackage(), 1), start + 5)
    await writeFile(join(loaded.dir, 'manifest.json'), 'would be damaged')
    const waiting = await landed(await newPackage(), 1)
    const { packages, damaged } = await listUnfinished(root, {})
    expect(packages.map(({ dir }) => dir)).toEqual([waiting.dir])
    expect(damaged).toEqual([])
  })

  test('is put away by the next run where the one that loaded it was killed', async () => {
    const loaded = await markLoaded(await landed(await newPackage(), 1), start + 5)
    const before = join(dirname(dirname(loaded.dir)), basename(loaded.dir))
    await rename(loaded.dir, before)
    expect((await listUnfinished(root, {})).packages).toEqual([])
    expect((await openPackage(loaded.dir)).manifest.state).toBe('loaded')
  })
})

describe('an extraction that was stopped', () => {
  test('goes on from its last checkpoint and gives the same rows', async () => {
    const target = await newPackage()
    await landUntil(target, 3, everyCheckpoint)
    const whole = await landed(target, 5)
    expect(await idsIn(whole)).toEqual([1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5])
    expect(whole.manifest.counts.requests).toBe(5)
  })

  test('keeps a checkpoint that was only remembered', async () => {
    const target = await newPackage()
    await landUntil(target, 3, { clock, durableEveryMs: 1e9 })
    expect((await openPackage(target.dir)).manifest.cursor).toBe(3)
  })

  test('loses what was taken after its last checkpoint', async () => {
    const target = await newPackage()
    const writer = await openWriter(target, everyCheckpoint)
    await writer.take(answer(1))
    await writer.take({ type: 'checkpoint', cursor: 1 })
    await writer.take(answer(99))
    await writer.close()
    expect(await idsIn(await landed(target, 2))).toEqual([1, 1.5, 2, 2.5])
  })

  test('loses an answer of which only the first records came, remembered checkpoint or not', async () => {
    const target = await newPackage()
    const writer = await openWriter(target, everyCheckpoint)
    await writer.take(answer(1))
    await writer.take({ type: 'checkpoint', cursor: 1 })
    await writer.take({ ...answer(2), received: 5 })
    await writer.take({ type: 'records', rows: [{ id: 2.7 }], rejects: [] })
    await writer.close()
    expect((await openPackage(target.dir)).manifest.counts).toMatchObject({
      requests: 1,
      records: 3,
      rows: 2,
    })
    expect(await idsIn(await landed(target, 2))).toEqual([1, 1.5, 2, 2.5])
  })

  test('ends at a checkpoint when it is asked to', async () => {
    const target = await newPackage()
    const controller = new AbortController()
    const writer = await openWriter(target, everyCheckpoint)
    const landing = land(writer, answersUpTo(5), {
      reporter: silentReporter,
      signal: controller.signal,
      onAnswer: counts => counts.requests === 2 && controller.abort(),
    })
    await expect(landing).rejects.toMatchObject({ code: 'interrupted' })
    expect((await openPackage(target.dir)).manifest).toMatchObject({ state: 'extracting', cursor: 2 })
  })

  test('whatever the files look like behind the checkpoint, resuming gives the same rows and answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.record({
          answers: fc.uint8Array(),
          index: fc.uint8Array(),
          rows: fc.uint8Array(),
          rejects: fc.uint8Array(),
        }),
        fc.boolean(),
        async (stopAfter, garbage, afterMoreWork) => {
          const target = await newPackage()
          await landUntil(target, stopAfter, everyCheckpoint)
          const before = await readFile(join(target.dir, 'manifest.json'))
          if (afterMoreWork) {
            // As if the process had died between the files and the manifest.
            await landUntil(target, stopAfter + 1, everyCheckpoint)
            await writeFile(join(target.dir, 'manifest.json'), before)
          }
          const { lengths } = (await openPackage(target.dir)).manifest
          for (const key of ['answers', 'index', 'rows', 'rejects'] as const) {
            const bytes = garbage[key]
            const path = join(target.dir, packageFiles[key])
            const { size } = await stat(path)
            // Cut somewhere behind the checkpoint, then garbage.
            await truncate(path, lengths[key] + Math.floor((size - lengths[key]) * ((bytes[0] ?? 0) / 256)))
            await appendFile(path, bytes)
          }
          const whole = await landed(target, 5)
          expect(await idsIn(whole)).toEqual([1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5])
          expect(await bodiesIn(whole)).toEqual([1, 2, 3, 4, 5].map(number => `{"answer":${number}}`))
          expect(whole.manifest.counts).toMatchObject({ requests: 5, rows: 10, rejects: 5 })
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('when something is wrong on disk', () => {
  test('a full disk is said, and the package stays at its last checkpoint', async () => {
    const target = await newPackage()
    await landUntil(target, 2, everyCheckpoint)
    const { lengths } = (await openPackage(target.dir)).manifest
    const disk = diskWithRoomFor(40)
    const writer = await openWriter(target, { ...everyCheckpoint, disk })
    const landing = land(writer, answersUpTo(5), { reporter: silentReporter })
    await expect(landing).rejects.toMatchObject({ code: 'disk_full', exitCode: 3 })
    expect((await openPackage(target.dir)).manifest).toMatchObject({ state: 'extracting', cursor: 2 })
    expect((await stat(join(target.dir, packageFiles.answers))).size).toBe(lengths.answers)
    expect(await idsIn(await landed(target, 3))).toEqual([1, 1.5, 2, 2.5, 3, 3.5])
  })

  test.each(['', '{', '[]', '{"formatVersion": 2}', 'null'])(
    'a manifest that reads %j is named, and the others stand',
    async text => {
      const good = await newPackage()
      const bad = await newPackage(start + 1)
      await writeFile(join(bad.dir, 'manifest.json'), text)
      const { packages, damaged } = await listPackages(root)
      expect(packages.map(found => found.dir)).toEqual([good.dir])
      expect(damaged).toMatchObject([
        {
          dir: bad.dir,
          error: {
            code: 'package_damaged',
            message: expect.stringContaining(join(bad.dir, 'manifest.json')),
          },
        },
      ])
    },
  )

  test('a file shorter than its checkpoint is damage', async () => {
    const target = await newPackage()
    await landUntil(target, 2, everyCheckpoint)
    await truncate(join(target.dir, packageFiles.answers), 3)
    await expect(openWriter(target)).rejects.toMatchObject({ code: 'package_damaged' })
    // The failed attempt holds no lock.
    await discard(target)
  })

  test('an answer whose bytes were changed is damage', async () => {
    const whole = await landed(await newPackage(), 1)
    const path = join(whole.dir, packageFiles.answers)
    const bytes = await readFile(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff
    await writeFile(path, bytes)
    await expect(bodiesIn(whole)).rejects.toMatchObject({ code: 'package_damaged' })
  })
})

test('an answer of the wrong shape is kept as evidence and named', async () => {
  const target = await newPackage()
  const body = Buffer.from('<html>')
  async function* extraction(): Extraction {
    yield { type: 'checkpoint', cursor: 1 }
    throw new MalformedAnswerError('not_json', 'Alaqan did not answer with JSON.', {
      request: '/x',
      status: 200,
      receivedAt: 1,
      body,
    })
  }
  const landing = land(await openWriter(target, everyCheckpoint), extraction, { reporter: silentReporter })
  const path = join(target.dir, 'failed', 'answer.gz')
  await expect(landing).rejects.toMatchObject({ code: 'not_json', message: expect.stringContaining(path) })
  expect(gunzipSync(await readFile(path)).toString()).toBe('<html>')
  expect((await openPackage(target.dir)).manifest.state).toBe('extracting')
})

describe('the landing folder', () => {
  test('that does not exist yet holds no packages', async () => {
    expect(await listPackages(join(root, 'nowhere'))).toEqual({ packages: [], damaged: [] })
  })

  test('lists packages oldest first, by source, entity and state', async () => {
    const later = await newPackage(start + 5)
    const earlier = await newPackage(start)
    const other = await newPackage(start, 'people')
    await landed(other, 1)
    const dirs = async (filter: Parameters<typeof listPackages>[1]): Promise<string[]> =>
      (await listPackages(root, filter)).packages.map(found => found.dir)
    expect(await dirs({ entity: 'visits' })).toEqual([earlier.dir, later.dir])
    expect(await dirs({ state: 'extracted' })).toEqual([other.dir])
    expect(await dirs({ source: 'amocrm' })).toEqual([])
  })

  test('forgets loaded packages after their days, and nothing that is not loaded', async () => {
    const day = 86_400_000
    const old = await markLoaded(await landed(await newPackage(), 1), start)
    const fresh = await markLoaded(await landed(await newPackage(), 1), start + 2 * day)
    const unloaded = await landed(await newPackage(), 1)
    await mkdir(join(root, 'alaqan', 'visits', '.alaqan-visits-leftover'))
    expect(await sweepArchive(root, 2, start + 3 * day)).toEqual([old.manifest.loadId])
    const { packages } = await listPackages(root)
    expect(packages.map(found => found.dir).sort()).toEqual([fresh.dir, unloaded.dir].sort())
  })

  test('takes no names that could leave it', async () => {
    const wanted = { source: '..', entity: 'x', table: 'x', window: null, plan: null }
    await expect(createPackage(root, wanted)).rejects.toMatchObject({ code: 'bad_name' })
  })
})

/** Lands answers from the cursor up to the last one and is then killed: the package stays unfinished. */
async function landUntil(
  target: LoadPackage,
  last: number,
  options: Parameters<typeof openWriter>[1],
): Promise<void> {
  const writer: PackageWriter = await openWriter(target, options)
  for await (const message of answersUpTo(last)(writer.cursor)) {
    if (message.type !== 'watermark') await writer.take(message)
  }
  await writer.close()
}

/** A disk on which so many more bytes fit. */
function diskWithRoomFor(bytes: number): Disk {
  let room = bytes
  return {
    open: async (path, flags, mode) => {
      const file = await systemDisk.open(path, flags, mode)
      const write = async (buffer: Uint8Array, offset: number, length: number, position: number) => {
        if (room === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
        const fits = Math.min(room, length)
        room -= fits
        return file.write(buffer, offset, fits, position)
      }
      return {
        write,
        truncate: length => file.truncate(length),
        sync: () => file.sync(),
        stat: () => file.stat(),
        close: () => file.close(),
      }
    },
  }
}
