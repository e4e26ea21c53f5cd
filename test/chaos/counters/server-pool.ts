// Several servers on one PostgreSQL and one Redis. A request goes to any of them; it is unanswered if that one is killed.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseJson } from '../../../src/base/json.ts'
import { cleanup } from '../../support/cleanup.ts'
import { type ServerProcess, startServer } from '../../support/server-process.ts'

export interface Answer {
  status: number
  data: Record<string, unknown>
}

export type Request = (token: string | undefined, method: string, path: string, json?: unknown) => Promise<Answer | undefined>

export async function startServerPool({ size, databaseUrl, redisUrl }: { size: number; databaseUrl: string; redisUrl: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-counters-'))
  const alive: (ServerProcess | undefined)[] = []
  const spawned = new Set<ServerProcess>()
  cleanup(async () => {
    for (const server of spawned) server.kill('SIGKILL')
    await Promise.all([...spawned].map(server => server.ended()))
    await rm(folder, { recursive: true, force: true })
  })
  const figures = { requests: 0, unanswered: 0 }
  /** Answers of 500 and above. */
  const failures: string[] = []
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    LOG_LEVEL: 'silent',
    TOKEN_KEY: 'k'.repeat(32),
    TRACE_KEY: 't'.repeat(32),
    ADMIN_PASSWORD: 'first1password',
  }

  async function start(n: number): Promise<void> {
    const server = await startServer(undefined, join(folder, String(n)), env, true)
    alive[n] = server
    spawned.add(server)
  }
  await Promise.all(Array.from({ length: size }, (_, n) => start(n)))

  async function request(token: string | undefined, method: string, path: string, json?: unknown): Promise<Answer | undefined> {
    const candidates = alive.filter(one => one !== undefined)
    const server = candidates[Math.floor(Math.random() * candidates.length)] as ServerProcess
    figures.requests++
    try {
      const answer = await fetch(server.url + path, {
        method,
        headers: { ...(token && { authorization: `Bearer ${token}` }), ...(json ? { 'content-type': 'application/json' } : {}) },
        body: json ? JSON.stringify(json, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)) : undefined,
        signal: AbortSignal.timeout(60_000),
      })
      const text = await answer.text()
      if (answer.status >= 500) failures.push(`${method} ${path}: ${answer.status} ${text}`)
      return { status: answer.status, data: text ? ((parseJson(text) as { data: Record<string, unknown> }).data ?? {}) : {} }
    } catch {
      figures.unanswered++
      return undefined
    }
  }

  return {
    figures,
    failures,
    request,

    async killAndRestart(n: number): Promise<void> {
      const victim = alive[n] as ServerProcess
      alive[n] = undefined
      process.kill(-victim.pid, 'SIGKILL')
      await victim.ended()
      await start(n)
    },

    /** The exit codes. */
    async stop(): Promise<(number | null | undefined)[]> {
      for (const server of alive) server?.kill('SIGTERM')
      return Promise.all(alive.map(async server => (await server?.ended())?.code))
    },
  }
}
