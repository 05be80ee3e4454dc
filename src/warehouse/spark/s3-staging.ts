/** Staging in storage that speaks S3, through Amazon's SDK, which is loaded only where such a staging is used. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { messageOf, UnavailableError } from '../../errors.js'
import { isAbandoned, type Staging, sessionName } from './staging.js'

export interface S3StagingOptions {
  readonly bucket: string
  /** Without slashes around it; may be empty. */
  readonly prefix: string
  /** Undefined: as the environment says (AWS_REGION, AWS_ACCESS_KEY_ID, a profile, a role). */
  readonly access:
    | {
        /** Undefined: Amazon's own. */
        readonly endpoint: string | undefined
        readonly region: string
        readonly accessKeyId: string
        readonly secretAccessKey: string
        readonly isPathStyle: boolean
      }
    | undefined
}

/** Spark reads it through Hadoop's `s3a` file system. What goes wrong is an UnavailableError `staging_unreachable`. */
export function s3Staging(options: S3StagingOptions): Staging {
  const { bucket, prefix } = options
  const place = `s3://${[bucket, prefix].filter(part => part !== '').join('/')}`
  const root = prefix === '' ? '' : `${prefix}/`
  const speak = async <T>(work: (s3: Speaking) => Promise<T>): Promise<T> => {
    const sdk = await import('@aws-sdk/client-s3')
    const client = new sdk.S3Client(clientOptions(options.access))
    try {
      return await work({ sdk, client })
    } catch (error) {
      throw unreachable(place, error)
    } finally {
      client.destroy()
    }
  }

  /** The keys under a prefix. */
  async function* keysUnder(
    { sdk, client }: Speaking,
    under: string,
  ): AsyncGenerator<string, void, undefined> {
    let token: string | undefined
    do {
      const page = await client.send(
        new sdk.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: under,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      )
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key
      token = page.NextContinuationToken
    } while (token !== undefined)
  }

  const removeUnder = (under: string): Promise<void> =>
    speak(async s3 => {
      for await (const key of keysUnder(s3, under)) {
        await s3.client.send(new s3.sdk.DeleteObjectCommand({ Bucket: bucket, Key: key }))
      }
    })

  return {
    place,
    openArea: async () => {
      const area = `${root}${sessionName()}/`
      const addressOf = (key: string) => `s3a://${bucket}/${key}`
      const write = (key: string, body: () => Promise<{ Body: string | Readable; ContentLength: number }>) =>
        speak(async ({ sdk, client }) => {
          const { Body, ContentLength } = await body()
          await client.send(
            new sdk.PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body,
              ContentLength,
            }),
          )
          return addressOf(key)
        })
      return {
        put: (name, localPath) =>
          write(`${area}${name}`, async () => ({
            Body: createReadStream(localPath),
            ContentLength: (await stat(localPath)).size,
          })),
        putText: (name, content) =>
          write(`${area}${name}`, async () => ({ Body: content, ContentLength: Buffer.byteLength(content) })),
        folder: name => addressOf(`${area}${name}`),
        // A folder is nothing but a beginning that keys have in common.
        remove: address => removeUnder(address.slice(addressOf('').length)),
        clear: () => removeUnder(area),
      }
    },
    removeLeftovers: async () => {
      const abandoned = new Set<string>()
      await speak(async s3 => {
        for await (const key of keysUnder(s3, root)) {
          const [name = ''] = key.slice(root.length).split('/')
          if (isAbandoned(name)) abandoned.add(name)
        }
      })
      for (const name of abandoned) await removeUnder(`${root}${name}/`)
    },
  }
}

interface Speaking {
  readonly sdk: typeof import('@aws-sdk/client-s3')
  readonly client: S3Client
}

function clientOptions(access: S3StagingOptions['access']) {
  // Checksums that only Amazon's own storage knows are left out.
  const checksums = {
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  } as const
  if (!access) return checksums
  const { endpoint, region, accessKeyId, secretAccessKey, isPathStyle } = access
  return {
    ...checksums,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: isPathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}

/** Of storage that answers without a word, Amazon's SDK says no more than that the error is unknown. */
function saidIn(error: unknown): string {
  const isUnknown = error instanceof Error && error.message === 'UnknownError'
  const facts: unknown = isUnknown ? Reflect.get(error, '$metadata') : undefined
  const status: unknown = typeof facts === 'object' && facts !== null && Reflect.get(facts, 'httpStatusCode')
  return typeof status === 'number' ? `it answers HTTP ${status} without a word` : messageOf(error)
}

function unreachable(place: string, error: unknown): UnavailableError {
  return new UnavailableError(
    'staging_unreachable',
    `The staging ${place} cannot be used: ${saidIn(error)}.`,
    {
      advice: 'Check warehouse.spark.staging and warehouse.spark.s3, then run the same command again.',
      cause: error,
    },
  )
}
