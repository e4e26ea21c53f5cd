// The S3 server of the tests. TEST_FILES_URL names it and a bucket, in the form of FILES_URL. Each test file uses a folder of
// its own in the bucket.

import { randomBytes } from 'node:crypto'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { parseFilesUrl } from '../../src/base/files-url.ts'

const given = process.env.TEST_FILES_URL

/** Why tests that need S3 are skipped, or false. */
export const NO_S3: string | false = given ? false : 'TEST_FILES_URL is not set'

/** A FILES_URL with an empty folder of the bucket. The bucket is created if it is missing. */
export async function s3Url(): Promise<string> {
  const location = parseFilesUrl(given ?? '')
  if (location?.kind !== 's3') throw new Error('TEST_FILES_URL must be s3://key:secret@bucket?endpoint=http://host:port')
  const { bucket, endpoint, region, credentials } = location
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: bucket })).catch(err => {
    if (!/BucketAlready/.test(err.name)) throw err
  })
  client.destroy()
  const url = new URL(given as string)
  url.pathname = `/test-${randomBytes(6).toString('hex')}`
  return url.href
}
