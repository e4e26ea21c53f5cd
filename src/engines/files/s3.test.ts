import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { NO_S3, s3Url } from '../../../test/support/s3.ts'
import { type FilesLocation, parseFilesUrl } from '../../base/files-url.ts'
import { testFiles } from './files.contract.ts'
import { openFiles } from './open-files.ts'

const url = NO_S3 ? '' : await s3Url()

testFiles('S3', { reopen: () => openFiles(parseFilesUrl(url) as FilesLocation, Date.now), pageAndMore: 1_050, skip: NO_S3 })

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** A store that answers every request with this status and S3 error code; without a status it never answers. */
async function openTroubled(status?: number, code = '') {
  const server = createServer((_request, answer) => {
    if (status) answer.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return openFiles(parseFilesUrl(`s3://key:secret@bucket?endpoint=http://127.0.0.1:${port}`) as FilesLocation, Date.now)
}

test('an S3 that is away or has trouble of its own is unavailable; one that refuses has failed', async () => {
  const away = await openFiles(parseFilesUrl('s3://key:secret@bucket?endpoint=http://127.0.0.1:1') as FilesLocation, Date.now)
  for (const files of [away, await openTroubled(503, 'SlowDown'), await openTroubled(500, 'InternalError')]) {
    await assert.rejects(files.put('a/b', Buffer.from('x')), { name: 'Problem', kind: 'unavailable' })
    await assert.rejects(files.read('a/b'), { name: 'Problem', kind: 'unavailable' })
    await assert.rejects(files.remove(['a/b']), { name: 'Problem', kind: 'unavailable' })
  }
  for (const files of [
    await openTroubled(403, 'AccessDenied'),
    await openTroubled(507, 'InsufficientStorage'),
    await openTroubled(403, 'QuotaExceeded'),
    await openTroubled(404, 'NoSuchBucket'),
  ])
    await assert.rejects(files.put('a/b', Buffer.from('x')), { name: 'Problem', kind: 'storage-failed' })
})

test('an S3 that never answers is unavailable after a time', async () => {
  const files = await openTroubled()
  await assert.rejects(files.put('a/b', Buffer.from('x'), { timeoutMs: 50 }), { name: 'Problem', kind: 'unavailable' })
})

test('an address of a store is parsed, and a malformed one is refused', () => {
  assert.deepEqual(parseFilesUrl('s3://id:s%2Fx@pictures/news?endpoint=http://127.0.0.1:9000&region=eu-1'), {
    kind: 's3',
    bucket: 'pictures',
    prefix: 'news/',
    endpoint: 'http://127.0.0.1:9000',
    region: 'eu-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 's/x' },
  })
  assert.deepEqual(parseFilesUrl('file:///srv/files'), { kind: 'folder', folder: '/srv/files' })
  for (const bad of [
    '',
    'x',
    'http://a/b',
    's3://',
    's3://A_B',
    's3://key@bucket',
    's3://bucket?endpoint=x',
    's3://bucket/a%20b',
    'file://host/x',
  ])
    assert.equal(parseFilesUrl(bad), undefined, bad)
})
