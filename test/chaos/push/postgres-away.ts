// A whole product loses PostgreSQL for a while: readers go on liking, and what was acknowledged is told in the end.

import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { ReaderId } from '../../../src/base/id.ts'
import { CONNECT_MS } from '../../../src/engines/database/database.ts'
import { testDatabase } from '../../support/database.ts'
import { fetchAnswer } from '../../support/http-answer.ts'
import { startProduct } from '../../support/product.ts'
import { createRowWriter } from '../../support/product-rows.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'
import { openPushClient } from './clients.ts'

const LIKES_AROUND = 10 // before the outage, and after it

export async function losePostgres(forMs: number): Promise<{ acknowledged: number; refused: number }> {
  const { db, url } = await testDatabase()
  const proxy = await startTcpProxy(Number(new URL(url).port))
  const proxied = new URL(url)
  proxied.hostname = '127.0.0.1'
  proxied.port = String(proxy.port)
  const server = await startProduct({ connectMs: CONNECT_MS, env: { DATABASE_URL: proxied.href, DATABASE_CONNECTIONS: '5' } })
  const signIn = async (mobile: string) => {
    const answer = await fetchAnswer(server.url, 'POST', '/v1_0/authorizations', { mobile, code: '246810' })
    const headers = { authorization: `Bearer ${answer.body.data.token}` }
    const self = await fetchAnswer(server.url, 'GET', '/v1_0/user', undefined, { headers })
    return { id: self.body.data.id as string, token: answer.body.data.token as string, headers }
  }
  const [author, fan] = [await signIn('13900000001'), await signIn('13900000002')]
  const rows = createRowWriter(db)
  const channel = await rows.insertChannel('科技')
  const drafts = Array.from({ length: 1_000 }, () => ({ author: BigInt(author.id) as ReaderId, channel }))
  const articles = await rows.insertArticles(drafts)
  const client = openPushClient(server.url, author)
  await client.socket.connected()

  const acknowledged: string[] = []
  let refused = 0
  const likeNext = async () => {
    const target = articles.pop()
    const status = await fetchAnswer(server.url, 'POST', '/v1_0/article/likings', { target }, { headers: fan.headers }).then(
      answer => answer.status,
      () => 0,
    )
    if (status === 201) acknowledged.push(String(target))
    else refused++
  }
  const likeUntil = (count: number) => eventually(likeNext, () => acknowledged.length >= count, 3 * PATIENCE_MS)
  await likeUntil(LIKES_AROUND)
  proxy.resetConnections()
  for (const back = performance.now() + forMs; performance.now() < back; await pause(50)) await likeNext()
  proxy.heal()
  await likeUntil(acknowledged.length + LIKES_AROUND)
  await eventually(
    async () => {
      await client.look().catch(() => {})
      const { rows: told } = await sql<{ article: string }>`
        select subject_id::text as article from notice where seq = any(${client.shown}::bigint[])`.execute(db)
      return acknowledged.filter(article => !told.some(each => each.article === article))
    },
    missing => missing.length === 0,
    3 * PATIENCE_MS,
  )
  assert.equal(client.socket.isConnected(), true)
  client.socket.close()
  return { acknowledged: acknowledged.length, refused }
}
