// FILES_URL: `s3://bucket/prefix?endpoint=https://host&region=name`, with `key:secret@` before the bucket or the credentials
// where Amazon's tools look for them; or `file:///folder` for a folder that several processes share.

import { fileURLToPath } from 'node:url'

export interface S3Location {
  bucket: string
  /** Empty, or with a slash at its end. */
  prefix: string
  endpoint?: string
  region: string
  credentials?: { accessKeyId: string; secretAccessKey: string }
}

export type FilesLocation = { kind: 'folder'; folder: string } | ({ kind: 's3' } & S3Location)

/** Undefined if it is no such address. */
export function parseFilesUrl(text: string): FilesLocation | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'file:' && url.host === '') return { kind: 'folder', folder: fileURLToPath(url) }
  if (url?.protocol !== 's3:' || !/^[a-z0-9][a-z0-9.-]{2,62}$/.test(url.hostname)) return undefined
  const endpoint = url.searchParams.get('endpoint') ?? undefined
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol))) return undefined
  if ((url.username === '') !== (url.password === '')) return undefined
  const path = url.pathname.replace(/^\/+|\/+$/g, '')
  if (path !== '' && !/^[\w.-]+(\/[\w.-]+)*$/.test(path)) return undefined
  return {
    kind: 's3',
    bucket: url.hostname,
    prefix: path && `${path}/`,
    endpoint,
    region: url.searchParams.get('region') ?? 'us-east-1',
    credentials: url.username
      ? { accessKeyId: decodeURIComponent(url.username), secretAccessKey: decodeURIComponent(url.password) }
      : undefined,
  }
}
