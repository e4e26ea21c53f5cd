// The whole product on a database of its own, and people to use it: alice, bob and carol, and mallory, who misbehaves.
// Tests speak to it as clients do, over HTTP and gRPC. The same tests run in three settings: PRODUCT=embedded, all in this
// process; PRODUCT=cleared, where it is closed and opened between any two requests, so that nothing is left but rows; and
// PRODUCT=cluster, four processes on one PostgreSQL and one Redis, each request to another one of those that serve.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type App, createApp } from '../../src/app/app.ts'
import type { AdministratorId, ArticleId, ChannelId, ReaderId } from '../../src/base/id.ts'
import { type Log, silentLog } from '../../src/base/log.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { FRESH_KEY } from '../../src/engines/counters/redis/keys.ts'
import { type Db, isDatabaseUnavailable, openDatabase } from '../../src/engines/database/database.ts'
import { parseBody } from '../../src/http/json.ts'
import { cleanup } from './cleanup.ts'
import { startCluster } from './cluster.ts'
import { testDatabase } from './database.ts'
import { eventually, PATIENCE_MS } from './waiting.ts'

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** Parsed with ids exact: numbers beyond 2^53 are bigints. */
  // biome-ignore lint: tests read what clients read
  body: any
}

export interface Person {
  mobile: string
  name: string
  id: ReaderId
  token: string
  refreshToken: string
  get(path: string, options?: RequestOptions): Promise<Answer>
  post(path: string, json?: unknown, options?: RequestOptions): Promise<Answer>
  put(path: string, json?: unknown, options?: RequestOptions): Promise<Answer>
  patch(path: string, json?: unknown, options?: RequestOptions): Promise<Answer>
  delete(path: string, json?: unknown, options?: RequestOptions): Promise<Answer>
}

export interface RequestOptions {
  headers?: Record<string, string>
  body?: string
  timeoutMs?: number
}

export interface Product {
  /** Closes it before the test file ends. */
  app: Pick<App, 'close'>
  url: string
  grpc: string
  db: Db
  databaseUrl: string
  dataDir: string
  /** Asks without saying who is asking; `token` and other headers as given. */
  request(method: string, path: string, json?: unknown, options?: RequestOptions): Promise<Answer>
  signIn(name: string, mobile?: string): Promise<Person>
  channel(name: string): Promise<ChannelId>
  /** Puts published articles there, the first the newest, and waits until the recommender knows them. */
  publish(articles: ArticleDraft[]): Promise<ArticleId[]>
  /** Waits until the recommender knows what the rows say. */
  waitForCatalogue(): Promise<void>
  /** Waits until what has been done is in the counts that others read: a second at most where they are read from Redis. */
  waitForCounts(): Promise<void>
  /** Asks each process that serves, until each answers as wanted: others hear of a change a moment later. */
  waitOnAllApis(path: string, wanted: (answer: Answer) => boolean): Promise<void>
  /** What all processes say of how they do. */
  metrics(): Promise<string>
  /** Waits until so many behaviours of a viewer are in the rows: they are written behind the answer that tells of them. */
  waitForBehaviours(viewer: string, count: number): Promise<void>
}

export interface ArticleDraft {
  author?: ReaderId
  channel: ChannelId
  title?: string
  /** How long ago, in seconds. */
  age?: number
  cover?: string[]
  status?: number
}

type Setting = 'embedded' | 'cleared' | 'cluster'
export const SETTING = (process.env.PRODUCT ?? 'embedded') as Setting

const MOBILES: Record<string, string> = { alice: '13800000001', bob: '13800000002', carol: '13800000003', mallory: '13800000666' }

interface Start {
  env?: Record<string, string>
  log?: Log
  /** For tests of one process and how it speaks with others: always in this one. */
  alwaysEmbedded?: boolean
}

export async function startProduct({
  env = {},
  log = silentLog,
  alwaysEmbedded = log !== silentLog || 'DATABASE_URL' in env,
}: Start = {}): Promise<Product> {
  const setting = alwaysEmbedded ? 'embedded' : SETTING
  const { db, databaseUrl, dataDir, app, urls, grpc, watched, ready, counted } = await (setting === 'cluster'
    ? openCluster(env)
    : openOne(env, log, setting))
  const url = urls[0] as string
  let turn = 0
  let underWay = 0
  let nextId = 2n ** 60n + BigInt(randomBytes(4).readUInt32BE()) * 1000n // 19 digits, as real ones have

  let readied = Promise.resolve()

  /** Who did something that others may not see counted yet. */
  const acted = new Set<string>()

  async function ask(method: string, path: string, json?: unknown, options?: RequestOptions): Promise<Answer> {
    const who = options?.headers?.authorization ?? ''
    // People see at once what they did themselves, and within a second what others did: those are given that time.
    if ([...acted].some(one => one !== who)) {
      await counted()
      acted.clear()
    }
    const answer = await askAt(urls[turn++ % urls.length] as string, method, path, json, options)
    if (setting === 'cluster' && method !== 'GET') acted.add(who)
    return answer
  }

  async function askAt(...request: Parameters<typeof send>): Promise<Answer> {
    if (underWay++ === 0) readied = ready()
    try {
      await readied
      // What is written is asked for once: a refusal that has written all the same would never be seen.
      if (request[1] !== 'GET') return await send(...request)
      // On a busy machine a recommender elsewhere may be late, and something simpler stands in: recommender-smoke.test.ts is about that.
      return await eventually(
        () => send(...request),
        answer =>
          !isBusy(answer) && (setting !== 'cluster' || ['model', 'remainder'].includes(answer.headers.get('x-feed-source') ?? 'model')),
      )
    } finally {
      underWay--
    }
  }

  async function send(
    at: string,
    method: string,
    path: string,
    json?: unknown,
    { headers = {}, body, timeoutMs = 3 * PATIENCE_MS }: RequestOptions = {},
  ): Promise<Answer> {
    const sent =
      body ??
      (json === undefined ? undefined : JSON.stringify(json, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)))
    const answer = await fetch(at + path, {
      method,
      headers: { ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: sent,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.startsWith('application/json')
    return { status: answer.status, headers: answer.headers, text, body: isJson ? parseBody(text) : undefined }
  }

  async function signIn(name: string, mobile = MOBILES[name] as string): Promise<Person> {
    const { body } = await ask('POST', '/app/v1_0/authorizations', { mobile, code: '246810' })
    const { token, refresh_token: refreshToken } = body.data
    const as = (options: RequestOptions = {}) => ({ ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } })
    const own = await ask('GET', '/app/v1_0/user', undefined, as())
    return {
      mobile,
      name,
      id: BigInt(own.body.data.id) as ReaderId,
      token,
      refreshToken,
      get: (path, options) => ask('GET', path, undefined, as(options)),
      post: (path, json, options) => ask('POST', path, json, as(options)),
      put: (path, json, options) => ask('PUT', path, json, as(options)),
      patch: (path, json, options) => ask('PATCH', path, json, as(options)),
      delete: (path, json, options) => ask('DELETE', path, json, as(options)),
    }
  }

  async function channel(name: string): Promise<ChannelId> {
    const row = await db.insertInto('channel').values({ name }).returning('id').executeTakeFirstOrThrow()
    await everywhere('/app/v1_0/channels', ({ body }) => body.data.channels.some((one: { id: number }) => one.id === row.id))
    return row.id
  }

  async function publish(drafts: ArticleDraft[]): Promise<ArticleId[]> {
    const author = drafts.every(draft => draft.author) ? undefined : await anAuthor()
    const now = Date.now()
    const rows = drafts.map((draft, i) => ({
      id: nextId++ as ArticleId,
      author_id: draft.author ?? (author as ReaderId),
      channel_id: draft.channel,
      title: draft.title ?? `Article ${i}`,
      cover: draft.cover ?? [],
      status: draft.status ?? 2,
      published_at: new Date(now - (draft.age ?? i + 1) * 1000),
    }))
    for (let i = 0; i < rows.length; i += 500) {
      const batch = rows.slice(i, i + 500)
      await db.insertInto('article').values(batch).execute()
      await db
        .insertInto('article_content')
        .values(batch.map(row => ({ article_id: row.id, html: `<p>${row.title}</p>` })))
        .execute()
    }
    await caughtUp()
    await counted()
    return rows.map(row => row.id)
  }

  async function anAuthor(): Promise<ReaderId> {
    const id = nextId++ as ReaderId
    await db
      .insertInto('reader')
      .values({ id, name: `author ${id % 100_000n}` })
      .execute()
    return id
  }

  async function caughtUp(): Promise<void> {
    const { rows } = await sql<{ published: number }>`select count(*)::int as published from article where status = 2`.execute(db)
    const known = `catalogue_articles ${rows[0]?.published}`
    await eventually(
      async () => /^catalogue_articles .*$/m.exec((await askAt(watched[0] as string, 'GET', '/metrics')).text)?.[0],
      line => line === known,
    )
  }

  async function everywhere(path: string, wanted: (answer: Answer) => boolean): Promise<void> {
    for (const at of urls) await eventually(() => askAt(at, 'GET', path), wanted)
  }

  async function metrics(): Promise<string> {
    const answers = await Promise.all(watched.map(at => askAt(at, 'GET', '/metrics')))
    return answers.map(answer => answer.text).join('')
  }

  async function noted(viewer: string, count: number): Promise<void> {
    const rows = () => db.selectFrom('behaviour').select('id').where('viewer', '=', viewer).execute()
    await eventually(rows, all => all.length >= count)
  }

  return {
    app,
    url,
    grpc,
    db,
    databaseUrl,
    dataDir,
    request,
    signIn,
    channel,
    publish,
    waitForCatalogue,
    waitForBehaviours,
    waitForCounts,
    waitOnAllApis,
    metrics,
  }
}

/** That there is no time now, as on a machine that does much else: clients ask again. */
const isBusy = ({ status, body }: Answer) => status === 503 && body?.message.startsWith('The service is busy')

const AT_ONCE = 10

/** That many, ten at a time: fewer than there are connections. More would wait for one, and on a busy machine be told to come again. */
export async function repeat<T>(count: number, step: (i: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  let next = 0
  const inTurn = async () => {
    while (next < count) {
      const i = next++
      answers[i] = await step(i)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn))
  return answers
}

/** A database that is too busy for a new connection ends a start, and whoever looks after the process starts it again. */
async function created(config: Config, log: Log): Promise<App> {
  for (const giveUp = performance.now() + 3 * PATIENCE_MS; ; )
    try {
      return await createApp(config, { log, drainNoticeMs: 0 })
    } catch (err) {
      if (!isDatabaseUnavailable(err as Error) || performance.now() > giveUp) throw err
    }
}

/** That of another product, which has made it. */
function sharedDatabase(url: string): { db: Db; url: string } {
  const { db, close } = openDatabase({ url, name: 'test', log: silentLog })
  cleanup(close)
  return { db, url }
}

/** Where there is one already no first one is made, which takes a quarter of a second for its password. */
const putNobodysAdministrator = (db: Db) =>
  db
    .insertInto('administrator')
    .values({ id: 1n as AdministratorId, account: 'nobodys', password_hash: '', name: 'nobody' })
    .execute()

interface Opened {
  db: Db
  databaseUrl: string
  dataDir: string
  app: Pick<App, 'close'>
  /** Where readers may ask. */
  urls: string[]
  grpc: string
  /** Where each process says how it does, first the one that ranks. */
  watched: string[]
  /** To be awaited before a request while no other is under way. */
  ready(): Promise<void>
  counted(): Promise<void>
}

async function openOne(env: Record<string, string>, log: Log, setting: Setting): Promise<Opened> {
  const { db, url: databaseUrl } = env.DATABASE_URL ? sharedDatabase(env.DATABASE_URL) : await testDatabase()
  if (!env.ADMIN_PASSWORD && !env.DATABASE_URL) await putNobodysAdministrator(db)
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-product-'))
  const config = readConfig({ DATABASE_URL: databaseUrl, DATA_DIR: dataDir, PORT: '0', GRPC_PORT: '0', DEMO: '0', ...env })
  let app = await created(config, log)
  const [url, grpc] = [app.url ?? '', app.grpc ?? '']
  let closed = false
  const close = async () => {
    if (!closed) await app.close()
    closed = true
  }
  cleanup(async () => {
    await close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const same = {
    ...config,
    port: Number(new URL(url || 'http://x:0').port),
    grpc: { ...config.grpc, port: Number(grpc.split(':').at(-1)) },
  }
  const ready = async () => {
    if (setting !== 'cleared' || closed) return
    await app.close()
    app = await created(same, log)
  }
  return { db, databaseUrl, dataDir, app: { close }, urls: [url], grpc, watched: [url], ready, counted: async () => {} }
}

async function openCluster(env: Record<string, string>): Promise<Opened> {
  // A cluster has a Redis of its own.
  const { REDIS_URL: _, ...rest } = env
  const { database, redis, apis, recommender, all } = await startCluster({ apis: 2, env: rest })
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-product-'))
  cleanup(() => rm(dataDir, { recursive: true, force: true }))
  async function close(): Promise<void> {
    for (const one of all) one.kill('SIGTERM')
    await Promise.all(all.map(one => one.ended))
  }
  async function counted(): Promise<void> {
    const { rows } = await sql<{ end: string }>`select pg_snapshot_xmax(pg_current_snapshot())::text as end`.execute(database.db)
    // The number below which every transaction is in the counts in Redis.
    const reached = async () => BigInt(String(await redis.send('GET', FRESH_KEY)).split(' ')[1] ?? 0)
    await eventually(reached, at => at >= BigInt(rows[0]?.end ?? 0))
  }
  return {
    db: database.db,
    databaseUrl: database.url,
    dataDir,
    app: { close },
    urls: apis.map(api => api.url),
    grpc: recommender.grpc,
    watched: all.map(one => one.url),
    ready: async () => {},
    counted,
  }
}
