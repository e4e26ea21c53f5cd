// Gorse, another recommender, as a process beside ours. GORSE names its program `gorse-in-one`.

import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Running, run } from './processes.ts'

export const SKIPPED = { load: '', rows: [{ what: 'skipped: GORSE does not name a gorse-in-one' }] }

/** What it recommends by what users did, without a plan of its own: it trains when it is told to (gorse-training.ts). */
export const BY_FEEDBACK = `[[recommend.item-to-item]]
name = "neighbors"
type = "users"
[[recommend.user-to-user]]
name = "neighbors"
type = "items"
[recommend.collaborative]
type = "mf"
fit_period = "1000h"
[recommend.collaborative.early_stopping]
patience = 10
`

export interface Gorse extends Running {
  url: string
}

/** `recommend`: that part of its configuration. A second start with what `configureGorse` made finds what the first had. */
export async function configureGorse(folder: string, recommend: string) {
  await mkdir(join(folder, 'gorse-cache'), { recursive: true })
  const [port, http] = [await freePort(), await freePort()]
  const file = join(folder, 'gorse.toml')
  // Its stores are files of SQLite, what it runs on without a server beside it.
  await writeFile(
    file,
    `[database]
cache_store = "sqlite://${join(folder, 'gorse-cache.db')}"
data_store = "sqlite://${join(folder, 'gorse-data.db')}"
[master]
host = "127.0.0.1"
port = ${port}
http_host = "127.0.0.1"
http_port = ${http}
[server]
default_n = 10
${recommend}
[blob]
uri = "${join(folder, 'gorse-blob')}"
`,
  )
  return { url: `http://127.0.0.1:${http}`, args: ['-c', file, '--cache-path', join(folder, 'gorse-cache')] }
}

export async function startGorse(program: string, { url, args }: { url: string; args: string[] }): Promise<Gorse> {
  const server = await run('./run-program.ts', [program, `${url}/api/health/ready`, ...args], {})
  return { ...server, url }
}

export async function post(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
}

export async function get<T>(url: string): Promise<T> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

const freePort = () =>
  new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
