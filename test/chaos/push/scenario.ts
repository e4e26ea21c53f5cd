// Two products with sockets on one PostgreSQL and one Redis. One of them is a process that is killed again and again while
// readers are told of likes; Redis is away.

import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../../src/base/id.ts'
import { cleanup } from '../../support/cleanup.ts'
import { testDatabase } from '../../support/database.ts'
import { fetchAnswer } from '../../support/http-answer.ts'
import { startProduct } from '../../support/product.ts'
import { createRowWriter } from '../../support/product-rows.ts'
import { freePort, startRedis } from '../../support/redis.ts'
import { createDataFolder, startServer } from '../../support/server-process.ts'
import { openSocket } from '../../support/sockets.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'
import { openPushClient, type PushClient } from './clients.ts'

interface Reader {
  id: string
  token: string
}

const KEYS = { TOKEN_KEY: 't'.repeat(32), TRACE_KEY: 't'.repeat(32), FILES_KEY: 'f'.repeat(32) }
const AT_ONCE = 10 // sign-ins; more would only wait for the processors

/** `restMs`: between two likes. */
export async function openPushScenario({ readers: count, restMs }: { readers: number; restMs: number }) {
  const [{ db, url: databaseUrl }, redis, port] = await Promise.all([testDatabase(), startRedis(), freePort()])
  const env = { ...KEYS, DATABASE_URL: databaseUrl, REDIS_URL: redis.url }
  const rows = createRowWriter(db)
  const channel: ChannelId = await rows.insertChannel('科技')
  /** Does everything but serve the clients. It is not killed. */
  const steady = await startProduct({ env })
  const dataDir = await createDataFolder({ after: cleanup })
  const startVictim = () =>
    startServer({ after: cleanup }, dataDir, {
      ...env,
      ROLES: 'api,realtime',
      RECOMMENDER_ADDRESS: steady.grpc,
      PORT: String(port),
      LOG_LEVEL: 'warn',
    })
  let victim = await startVictim()
  let chatIsReady = false
  const restarted = Promise.withResolvers<void>()

  async function signIn(mobile: number): Promise<Reader> {
    const answer = await fetchAnswer(steady.url, 'POST', '/v1_0/authorizations', { mobile: String(mobile), code: '246810' })
    const token: string = answer.body.data.token
    const self = await fetchAnswer(steady.url, 'GET', '/v1_0/user', undefined, { headers: { authorization: `Bearer ${token}` } })
    return { id: self.body.data.id, token }
  }

  const readers: Reader[] = []
  while (readers.length < count)
    readers.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, count - readers.length) }, (_, i) => signIn(13_900_000_000 + readers.length + i)),
      )),
    )
  const articles = new Map<string, ArticleId>()
  for (const { id } of readers) articles.set(id, (await rows.insertArticles([{ author: BigInt(id) as ReaderId, channel }]))[0] as ArticleId)

  /** `fan` likes the article of `author`, or no more. */
  async function toggleLike(fan: Reader, author: Reader): Promise<void> {
    const article = articles.get(author.id) as ArticleId
    await sql`
      with gone as (delete from attitude where reader_id = ${fan.id}::bigint and article_id = ${article} returning 1)
      insert into attitude (reader_id, article_id, value) select ${fan.id}::bigint, ${article}, 1 where not exists (select from gone)`.execute(
      db,
    )
  }

  /**
   * Readers like each other's articles until the returned function is called, which resolves to the number of likes and undone
   * ones. At least one like remains: after a whole number of rounds each would be undone.
   */
  function keepLiking(): () => Promise<number> {
    let stopped = false
    let done = 0
    const ended = (async () => {
      for (let i = 0; !stopped; i++, await pause(restMs)) {
        const fan = readers[(i * 7) % count] as Reader
        const author = readers[(i * 13 + Math.floor(i / count)) % count] as Reader
        if (fan === author) continue
        await toggleLike(fan, author)
        done++
      }
    })()
    return async () => {
      stopped = true
      await ended
      const [fan, author] = readers as [Reader, Reader]
      await sql`
        insert into attitude (reader_id, article_id, value) values (${fan.id}::bigint, ${articles.get(author.id) as ArticleId}, 1)
        on conflict do nothing`.execute(db)
      return done
    }
  }

  const waitForNotices = () =>
    eventually(
      async () =>
        (await sql`select from event, log_consumer c where c.name = 'notices' and (event.xid, event.seq) > (c.xid, c.seq)`.execute(db)).rows
          .length,
      behind => behind === 0,
      3 * PATIENCE_MS,
    )

  /** Fails unless each client has every notice once, and was told how many are unread. */
  async function assertAllTold(clients: PushClient[]): Promise<number> {
    await waitForNotices()
    let told = 0
    for (const client of clients) {
      const { rows: due } = await sql<{ id: string }>`
        select seq::text as id from notice where reader_id = ${client.readerId}::bigint and not withdrawn order by seq`.execute(db)
      await eventually(
        () => client.look().then(() => due.every(({ id }) => client.shown.includes(id))),
        all => all,
      )
      const { rows: unread } = await sql<{ count: number }>`
        select count(*)::int as count from notice where reader_id = ${client.readerId}::bigint and read_at is null and not withdrawn`.execute(
        db,
      )
      assert.equal(client.unread(), unread[0]?.count)
      assert.equal(new Set(client.shown).size, client.shown.length)
      told += due.length
    }
    return told
  }

  return {
    /** For those who chat beside it: by the process that is killed, when they are ready. */
    chatWorld: () => ({
      db,
      readers,
      url: victim.url,
      killAndStart: () => {
        chatIsReady = true
        return restarted.promise
      },
    }),

    /** `besideChat`: once, when those who chat are ready. */
    async kill(kills: number, besideChat = false): Promise<{ likes: number; notices: number; reconnects: number }> {
      const clients = readers.map(reader => openPushClient(victim.url, reader))
      await Promise.all(clients.map(({ socket }) => socket.connected()))
      const stop = keepLiking()
      for (let i = 0; i < kills; i++) {
        if (besideChat) await eventually(() => chatIsReady, Boolean, 3 * PATIENCE_MS)
        else await pause(300)
        victim.kill('SIGKILL')
        await victim.ended()
        victim = await startVictim()
        restarted.resolve()
        await Promise.all(clients.map(({ socket }) => eventually(socket.isConnected, Boolean, 3 * PATIENCE_MS)))
      }
      const likes = await stop()
      const notices = await assertAllTold(clients)
      const reconnects = clients.reduce((sum, { socket }) => sum + socket.connects() - 1, 0)
      clients.forEach(({ socket }) => socket.close())
      return { likes, notices, reconnects }
    },

    /** A reader with a socket on each process is told on both, whether Redis is there or not. */
    async loseRedis(): Promise<void> {
      const [author, fan] = readers as [Reader, Reader]
      const sockets = [steady, victim].map(({ url }) => openSocket(url, { query: { token: author.token } }))
      await Promise.all(sockets.map(socket => socket.connected()))
      let count = 0
      const assertTold = async () => {
        count++
        await sql`delete from notice where reader_id = ${author.id}::bigint`.execute(db)
        await sql`delete from attitude where reader_id = ${fan.id}::bigint`.execute(db)
        await waitForNotices()
        await toggleLike(fan, author)
        await Promise.all(sockets.map(socket => socket.next('liking notify', count)))
      }
      const testPush = (url: string) =>
        fetchAnswer(url, 'GET', '/app/v1_0/imtest/f', undefined, { headers: { authorization: `Bearer ${author.token}` } })
      await assertTold()
      await redis.kill()
      await assertTold()
      // What is no row reaches the sockets of its process.
      await testPush(steady.url)
      await sockets[0]?.next('following notify')
      await redis.start()
      const received = () => sockets[1]?.received.filter(({ event }) => event === 'following notify').length ?? 0
      const before = received()
      await eventually(
        () => testPush(steady.url).then(received),
        now => now > before,
      )
      await assertTold()
      sockets.forEach(socket => socket.close())
    },
  }
}
