/** What can be known of Dockerfile and compose.yaml without an engine: that they fit the project and the program. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { createProgram } from '../../src/cli/program.js'

const project = resolve(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(join(project, name), 'utf8')

const manifest = z
  .object({ version: z.string(), files: z.array(z.string()), engines: z.object({ node: z.string() }) })
  .parse(JSON.parse(read('package.json')))

/** The instructions, one a line, without comments. */
const instructions = read('Dockerfile')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter(line => /^[A-Z]/.test(line))

const [build = '', final = ''] = instructions
  .join('\n')
  .split(/^FROM .*$/m)
  .slice(1)

/** What is copied from the project, of both stages. */
const copied = instructions.flatMap(line => {
  const [, sources = ''] = /^COPY (?!--)(.+) \S+$/.exec(line) ?? []
  return sources.split(' ').filter(Boolean)
})

describe('Dockerfile', () => {
  it('takes everything that the package consists of', () => {
    for (const part of manifest.files) expect(final).toMatch(new RegExp(`^COPY .*${part} \\./${part}$`, 'm'))
    expect(final).toMatch(/^COPY --from=build \/build\/node_modules /m)
  })

  it('takes only what there is and what .dockerignore lets through', () => {
    const let_ = read('.dockerignore')
      .split('\n')
      .flatMap(line => (line.startsWith('!') ? [line.slice(1)] : []))
    expect(copied.length).toBeGreaterThan(5)
    for (const path of copied) {
      expect(existsSync(join(project, path.replace('./', '')))).toBe(true)
      expect(let_).toContain(path)
    }
  })

  it('installs what the lock says, and leaves nothing for development in the image', () => {
    expect(build).toMatch(/^RUN npm ci --ignore-scripts/m)
    expect(build.trim().split('\n').at(-1)).toMatch(/^RUN npm prune --omit=dev/)
  })

  it('pins Node by its whole version, one that the program runs on, with glibc', () => {
    const [, major, minor] =
      /^ARG NODE=node:(\d+)\.(\d+)\.\d+-bookworm-slim$/m.exec(instructions.join('\n')) ?? []
    const [, least = '', leastMinor = ''] = /^>=(\d+)\.(\d+)$/.exec(manifest.engines.node) ?? []
    expect(Number(major) * 1000 + Number(minor)).toBeGreaterThanOrEqual(
      Number(least) * 1000 + Number(leastMinor),
    )
  })

  it('runs the command as a user who is not root', () => {
    const [user, ...others] = final.split('\n').filter(line => line.startsWith('USER '))
    expect(user).toBe('USER node')
    expect(others).toEqual([])
    expect(final).toMatch(/^ENTRYPOINT \["hubdwh"\]$/m)
  })
})

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string(),
      user: z.string(),
      command: z.array(z.string()),
      restart: z.literal('no'),
      profiles: z.array(z.string()).optional(),
      network_mode: z.string().optional(),
    }),
  ),
})

describe('compose.yaml', () => {
  const { services } = composeSchema.parse(parse(read('compose.yaml'), { merge: true }))

  it('has the image of this version, and no user who is root', () => {
    for (const { image, user } of Object.values(services)) {
      expect(image).toBe(`hubdwh:${manifest.version}`)
      expect(user).toBe(`\${HUBDWH_USER:-1000:1000}`)
    }
  })

  it('has commands that the program understands', async () => {
    expect(Object.keys(services)).toEqual(['hubdwh', 'sandbox', 'try'])
    for (const { command } of Object.values(services)) {
      const understood: string[] = []
      const program = createProgram('0', async called => {
        understood.push(called.name())
      })
      await program.exitOverride().parseAsync(command, { from: 'user' })
      expect(understood).toHaveLength(1)
    }
  })

  it('tries the sandbox in its own network: it answers on 127.0.0.1 alone', () => {
    expect(services.try).toMatchObject({ network_mode: 'service:sandbox', profiles: ['try'] })
    expect(services.sandbox).toMatchObject({ profiles: ['try'] })
    expect(services.hubdwh?.profiles).toBeUndefined()
  })
})
