// A server process of its own, and readers who have signed in there.

import { cleanup } from '../../support/cleanup.ts'
import { testDatabase } from '../../support/database.ts'
import { fetchAnswer } from '../../support/http-answer.ts'
import { createDataFolder, type ServerProcess, startServer } from '../../support/server-process.ts'
import type { Reader } from './clients.ts'

const AT_ONCE = 10 // sign-ins; more would only wait for the processors

export type ChatWorld = Awaited<ReturnType<typeof startWithReaders>>

export async function startWithReaders(count: number) {
  const { db, url: databaseUrl } = await testDatabase()
  const dataDir = await createDataFolder({ after: cleanup })
  const env = { DATABASE_URL: databaseUrl, LOG_LEVEL: 'fatal' }
  let server = await startServer(undefined, dataDir, env)
  const { url } = server
  cleanup(() => kill())

  async function kill(): Promise<void> {
    server.kill('SIGKILL')
    await server.ended()
  }
  async function signIn(mobile: number): Promise<Reader> {
    const answer = await fetchAnswer(url, 'POST', '/v1_0/authorizations', { mobile: String(mobile), code: '246810' })
    const token: string = answer.body.data.token
    const self = await fetchAnswer(url, 'GET', '/v1_0/user', undefined, { headers: { authorization: `Bearer ${token}` } })
    return { id: self.body.data.id, token }
  }
  const readers: Reader[] = []
  while (readers.length < count) {
    const next = Array.from({ length: Math.min(AT_ONCE, count - readers.length) }, (_, i) => 13_900_000_000 + readers.length + i)
    readers.push(...(await Promise.all(next.map(signIn))))
  }
  return {
    db,
    url,
    readers,
    server: (): ServerProcess => server,
    async killAndStart(): Promise<void> {
      await kill()
      server = await startServer(undefined, dataDir, { ...env, PORT: new URL(url).port })
    },
  }
}
