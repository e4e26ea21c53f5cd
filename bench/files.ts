// Pictures in and out, and memory: an upload beside sharp alone, a download beside a bare file stream.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { load } from './load.ts'
import { type Running, run, runProduct } from './processes.ts'
import { median, type Report, round } from './report.ts'

const ROUNDS = 7
const UPLOADS = 12 // a round; one reader may send 300 an hour
const AT_ONCE = 2 // as many as the product encodes at once
const DOWNLOAD_SECONDS = 2
const CONNECTIONS = 8

interface Side {
  running: Running & { url: string }
  upload(): Promise<unknown>
  path: string
}

const figures = new Map<string, number[]>()
const note = (name: string, value: number) => figures.set(name, [...(figures.get(name) ?? []), value])

export async function measure(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-files-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const photo = await makePhoto()
  const product = await runProduct()
  stack.defer(() => product.stop())
  note('ours idle', product.peakMb())
  const ours = await openProduct(product, photo)
  const bytes = Buffer.from(await (await fetch(product.url + ours.path)).arrayBuffer())
  await writeFile(join(folder, 'picture'), bytes)
  const bare = await run('./bare-files.ts', [join(folder, 'picture'), String(bytes.length)], {})
  stack.defer(() => bare.stop())
  note('bare idle', bare.peakMb())
  const url = bare.ready.split(' ')[1] as string
  const theirs: Side = {
    running: { ...bare, url },
    upload: () => fetch(url, { method: 'POST', body: new Uint8Array(photo) }).then(ok),
    path: '/',
  }
  const sides = { ours, bare: theirs }
  for (const side of Object.values(sides)) await side.upload() // loads sharp
  for (let i = 0; i < ROUNDS; i++)
    for (const [name, side] of Object.entries(sides)) {
      await measureUploads(name, side)
      await measureDownloads(name, side)
    }
  for (const [name, { running }] of Object.entries(sides)) note(`${name} memory`, running.peakMb())
  return report(photo.length, bytes.length)
}

/** 12 megapixels of smooth colours and some noise, as a phone takes them. */
const makePhoto = async () =>
  sharp({ create: { width: 4_000, height: 3_000, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 120, sigma: 12 } } })
    .jpeg({ quality: 85 })
    .toBuffer()

async function ok(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  await answer.clone().arrayBuffer()
  return answer
}

async function openProduct(running: Running & { url: string }, photo: Buffer): Promise<Side> {
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ mobile: '13911111111', code: '246810' })
  const signedIn = await ok(await fetch(`${running.url}/v1_0/authorizations`, { method: 'POST', headers: json, body }))
  const { data } = (await signedIn.json()) as { data: { token: string } }
  const upload = async () => {
    const form = new FormData()
    form.set('image', new Blob([new Uint8Array(photo)]), 'photo.jpg')
    const headers = { authorization: `Bearer ${data.token}` }
    return (await ok(await fetch(`${running.url}/v1_0/upload`, { method: 'POST', headers, body: form }))).json()
  }
  const first = (await upload()) as { data: { url: string } }
  return { running, upload, path: `${new URL(first.data.url).pathname}?w=720` }
}

async function measureUploads(name: string, { running, upload }: Side): Promise<void> {
  const [began, cpu] = [performance.now(), running.cpu().own]
  let left = UPLOADS
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await upload()
    }),
  )
  note(`${name} in`, UPLOADS / ((performance.now() - began) / 1_000))
  note(`${name} in cpu`, ((running.cpu().own - cpu) * 1_000) / UPLOADS)
}

async function measureDownloads(name: string, { running, path }: Side): Promise<void> {
  const cpu = running.cpu().own
  const { perSecond, requests, failures } = await load({
    url: running.url,
    connections: CONNECTIONS,
    seconds: DOWNLOAD_SECONDS,
    next: () => ({ path }),
  })
  if (failures > 0) throw new Error(`${failures} of ${requests} downloads failed`)
  note(`${name} out`, perSecond)
  note(`${name} out cpu`, ((running.cpu().own - cpu) * 1_000) / requests)
}

function report(inBytes: number, outBytes: number): Report {
  const of = (name: string) => median(figures.get(name) ?? [])
  const row = (what: string, key: string, digits = 3) => ({
    what,
    broadsheet: round(of(`ours ${key}`), digits),
    bare: round(of(`bare ${key}`), digits),
    ratio: round(of(`ours ${key}`) / of(`bare ${key}`), 2),
  })
  return {
    load:
      `${ROUNDS} alternating rounds; in: ${UPLOADS} JPEGs of 12 megapixels (${Math.round(inBytes / 1024)} kB), ${AT_ONCE} at once, beside sharp alone; ` +
      `out: a copy 720 pixels wide (${Math.round(outBytes / 1024)} kB), ${CONNECTIONS} connections, beside a bare file stream`,
    rows: [
      row('in, pictures a second', 'in'),
      row('in, ms of processor time each', 'in cpu'),
      row('out, pictures a second', 'out'),
      row('out, ms of processor time each', 'out cpu'),
      row('most memory before the first upload, MB', 'idle'),
      row('most memory, MB', 'memory'),
    ],
  }
}
