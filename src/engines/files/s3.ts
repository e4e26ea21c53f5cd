// The file store in an S3 bucket. Large streams are uploaded in parts; an upload becomes visible when its last part is
// confirmed. Clients fetch public files from the bucket itself, at an address that is signed for a few minutes.

import type { Readable } from 'node:stream'
import type { PutObjectCommandInput, S3ClientConfig } from '@aws-sdk/client-s3'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { LRUCache } from 'lru-cache'
import { MINUTE } from '../../base/clock.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { S3Location } from '../../base/files-url.ts'
import { Problem } from '../../base/problem.ts'
import { cacheControlOf, checkKey, contentTypeOf, type Files } from './files.ts'
import { storageFailed, storeUnavailable } from './problems.ts'

// A bucket in the same data centre answers in tens of milliseconds. A reader waits this long before the error.
const TIMEOUT_MS = 5_000
const PUT_TIMEOUT_MS = 15_000 // for up to 10 MiB
const CONNECT_TIMEOUT_MS = 1_000
// Two tries cover one lost connection; more would only lengthen the wait if the store is away.
const TRIES_MAX = 2
/** S3's smallest part. Four in flight are 20 MiB of memory. */
const PART_BYTES = 5 * 1024 * 1024
const PARTS_AT_ONCE = 4
/** An address is the same for this long, so that browsers keep the picture, and then valid for as long again. */
const SIGNED_WINDOW_MS = 5 * MINUTE
const SIGNED_KEPT = 20_000 // signatures, some 10 MB; each costs half a millisecond
const REMOVALS_AT_ONCE = 8

export function openS3({ bucket, prefix, endpoint, region, credentials }: S3Location, clock: () => number): Files {
  const config: S3ClientConfig = {
    region,
    endpoint,
    credentials,
    // Servers other than Amazon's rarely have a host name for each bucket.
    forcePathStyle: endpoint !== undefined,
    maxAttempts: TRIES_MAX,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    // Some servers do not know the newer checksums. TLS and the signature protect the bytes on their way.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  }
  const client = new S3Client(config)
  const signed = new LRUCache<string, string>(entriesMax(SIGNED_KEPT))
  const place = (key: string) => ({ Bucket: bucket, Key: prefix + checkKey(key) })
  const deadline = (ms = TIMEOUT_MS) => ({ abortSignal: AbortSignal.timeout(ms) })

  async function send(params: PutObjectCommandInput & { Body: Buffer | Readable }, timeoutMs: number): Promise<void> {
    const body = params.Body
    if (Buffer.isBuffer(body)) return void (await client.send(new PutObjectCommand(params), deadline(timeoutMs)))
    const upload = new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE })
    const timer = setTimeout(() => void upload.abort(), timeoutMs)
    // If the source fails, the library neither notices nor aborts.
    body.once('error', () => void upload.abort())
    try {
      await upload.done()
    } catch (err) {
      throw body.errored ?? err
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async put(key, body, { timeoutMs = PUT_TIMEOUT_MS } = {}) {
      const params = { ...place(key), Body: body, ContentType: contentTypeOf(key), CacheControl: cacheControlOf(key) }
      await send(params, timeoutMs).catch(err => {
        throw !Buffer.isBuffer(body) && body.errored === err ? err : toProblem(err)
      })
    },

    async read(key, range) {
      const Range = range && `bytes=${range.start}-${range.end}`
      const answer = await orMissing(client.send(new GetObjectCommand({ ...place(key), Range }), deadline()))
      return answer?.Body as Readable | undefined
    },

    async sizeOf(key) {
      return (await orMissing(client.send(new HeadObjectCommand(place(key)), deadline())))?.ContentLength
    },

    async remove(keys) {
      for (let i = 0; i < keys.length; i += REMOVALS_AT_ONCE)
        await Promise.all(
          keys.slice(i, i + REMOVALS_AT_ONCE).map(key => orMissing(client.send(new DeleteObjectCommand(place(key)), deadline()))),
        )
    },

    async *list() {
      for (let after: string | undefined, more = true; more; ) {
        const page = await client
          .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: after }), deadline())
          .catch(err => Promise.reject(toProblem(err)))
        for (const { Key = '', Size = 0 } of page.Contents ?? []) yield { key: Key.slice(prefix.length), size: Size }
        after = page.NextContinuationToken
        more = page.IsTruncated === true && after !== undefined
      }
    },

    async removeAbandoned(time) {
      const { Uploads = [] } = await client
        .send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }), deadline())
        .catch(err => Promise.reject(toProblem(err)))
      const old = Uploads.filter(({ Initiated }) => Initiated && Initiated < time)
      for (const { Key, UploadId } of old)
        await orMissing(client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }), deadline()))
      return old.length
    },

    async temporaryUrl(key) {
      const window = Math.floor(clock() / SIGNED_WINDOW_MS)
      const known = signed.get(`${window} ${key}`)
      if (known) return known
      const signingDate = new Date(window * SIGNED_WINDOW_MS)
      const expiresIn = (2 * SIGNED_WINDOW_MS) / 1_000
      const url = await getSignedUrl(client, new GetObjectCommand(place(key)), { expiresIn, signingDate })
      signed.set(`${window} ${key}`, url)
      return url
    },

    close: () => client.destroy(),
  }
}

const statusOf = (err: unknown) => (err as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode

async function orMissing<T>(sent: Promise<T>): Promise<T | undefined> {
  try {
    return await sent
  } catch (err) {
    if (statusOf(err) === 404 && (err as Error).name !== 'NoSuchBucket') return undefined
    throw toProblem(err)
  }
}

/** No answer, 429 and 5xx: the store may recover by itself. Other refusals are about space, rights or settings. */
function toProblem(err: unknown): unknown {
  if (err instanceof Problem) return err
  const status = statusOf(err)
  if (status === 507 || /Quota|StorageFull|NoSpace|InsufficientStorage|EntityTooLarge/i.test((err as Error).name)) return storageFailed(err)
  return status === undefined || status === 429 || status >= 500 ? storeUnavailable(err) : storageFailed(err)
}
