// The whole product on a database of its own, and people to use it: alice, bob and carol, and mallory, who misbehaves.
// Tests use it as clients do, over HTTP and gRPC, in each of the settings of product-settings.ts.

import { sql } from 'kysely'
import type { App } from '../../src/app/app.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../src/base/id.ts'
import { type Log, silentLog } from '../../src/base/log.ts'
import type { Db } from '../../src/engines/database/database.ts'
import { assertDocumented } from './documented.ts'
import { isFallbackPage } from './feed-pages.ts'
import { type Answer, fetchAnswer, isBusy, type RequestOptions } from './http-answer.ts'
import { type ArticleDraft, createRowWriter, type RowWriter } from './product-rows.ts'
import { type RunningProduct, SETTING, type Setting, startAsCluster, startInProcess } from './product-settings.ts'
import { type SmsProvider, startSmsProvider } from './sms-provider.ts'
import { eventually } from './waiting.ts'

export type { Answer } from './http-answer.ts'
export { SETTING } from './product-settings.ts'

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

export interface Product {
  /** To close it before the test file ends. */
  app: Pick<App, 'close'>
  url: string
  grpc: string
  db: Db
  databaseUrl: string
  dataDir: string
  /** Sends a request without a token, unless `options.headers` has one. */
  request(method: string, path: string, json?: unknown, options?: RequestOptions): Promise<Answer>
  signIn(name: string, mobile?: string): Promise<Person>
  /** Makes a person a verified creator, and signs them in to the studio. */
  signInToStudio(name: string, mobile?: string): Promise<Person>
  createChannel(name: string): Promise<ChannelId>
  /** Inserts published articles, the newest first, and waits until the recommender and the counts have them. */
  publish(articles: ArticleDraft[]): Promise<ArticleId[]>
  /** Waits until the recommender's catalogue has every published article. */
  waitForCatalogue(): Promise<void>
  /** Waits until counts include everything done so far: at most a second where they are read from Redis. */
  waitForCounts(): Promise<void>
  /** Sends a GET to each API process until its answer is as wanted. A change reaches the other processes a moment later. */
  waitOnAllApis(path: string, isWanted: (answer: Answer) => boolean): Promise<void>
  /** The metrics of all processes, one after another. */
  metrics(): Promise<string>
  /** Waits until so many behaviours of a viewer are stored. They are written after the answer to the request was sent. */
  waitForBehaviours(viewer: string, count: number): Promise<void>
}

export const MOBILES: Record<string, string> = { alice: '13800000001', bob: '13800000002', carol: '13800000003', mallory: '13800000666' }

export interface StartOptions {
  env?: Record<string, string>
  log?: Log
  /** For tests of one process and the connections it makes: in this process whatever the setting is. */
  alwaysEmbedded?: boolean
  /** The start makes the first administrator of the settings. Else a row with a cheap hash of ADMIN_PASSWORD is there before it. */
  withRealPassword?: boolean
  /**
   * How long its requests wait for a connection to the database, in this process. By default as long as tests wait: beside others a
   * connection may take seconds, and a write that is refused is not sent again. An operator's is CONNECT_MS.
   */
  connectMs?: number | undefined
}

export async function startProduct({
  env = {},
  log = silentLog,
  alwaysEmbedded = log !== silentLog || 'DATABASE_URL' in env,
  withRealPassword = false,
  connectMs,
}: StartOptions = {}): Promise<Product> {
  const setting = alwaysEmbedded ? 'embedded' : SETTING
  // Behind a proxy the demo code is not valid, so readers sign in with codes that are sent.
  const sms = env.TRUST_PROXY && env.TRUST_PROXY !== '0' && !env.SMS_URL ? await startSmsProvider() : undefined
  const settings = sms ? { ...env, SMS_URL: sms.url } : env
  const running = await (setting === 'cluster'
    ? startAsCluster(settings)
    : startInProcess(settings, { log, setting, withRealPassword, connectMs }))
  return createProduct(running, { setting, sms })
}

interface ProductOptions {
  setting: Setting
  sms?: SmsProvider
  rows?: RowWriter
  /** Those who share a product with others have numbers and channels of their own. */
  mobileOf?: (name: string) => string
  channelNameOf?: (name: string) => string
}

/** What tests do with a product that is running. */
export function createProduct(running: RunningProduct, options: ProductOptions): Product {
  const { db, databaseUrl, dataDir, app, urls, grpc, metricsUrls, waitForCounts } = running
  const { setting, sms, rows = createRowWriter(db), mobileOf = name => MOBILES[name] as string, channelNameOf = name => name } = options
  let requests = 0
  let requestsRunning = 0
  let prepared = Promise.resolve()

  /** Who wrote something that other people's counts may not include yet, by authorization header. */
  const writers = new Set<string>()

  async function request(method: string, path: string, json?: unknown, options?: RequestOptions): Promise<Answer> {
    const who = options?.headers?.authorization ?? ''
    // Readers see their own writes at once, and those of others within a second: wait for the latter.
    if ([...writers].some(writer => writer !== who)) {
      await waitForCounts()
      writers.clear()
    }
    const url = urls[requests++ % urls.length] as string
    const answer = await requestFrom(url, method, path, json, options)
    await assertDocumented(url, method, path, answer)
    if (setting === 'cluster' && method !== 'GET') writers.add(who)
    return answer
  }

  async function requestFrom(...args: Parameters<typeof fetchAnswer>): Promise<Answer> {
    if (requestsRunning++ === 0) prepared = running.beforeRequest()
    try {
      await prepared
      // A write is sent once: a refusal that stored something all the same would otherwise go unnoticed.
      if (args[1] !== 'GET') return await fetchAnswer(...args)
      return await eventually(
        () => fetchAnswer(...args),
        answer => !isBusy(answer) && (setting !== 'cluster' || !isFallbackPage(answer)),
      )
    } finally {
      requestsRunning--
    }
  }

  async function signIn(name: string, mobile = mobileOf(name)): Promise<Person> {
    const code = sms ? await requestCode(sms, mobile) : '246810'
    const { body } = await request('POST', '/app/v1_0/authorizations', { mobile, code })
    return personOf(name, mobile, body.data)
  }

  async function signInToStudio(name: string, mobile = mobileOf(name)): Promise<Person> {
    const { id } = await signIn(name, mobile)
    await db.updateTable('reader').set({ is_verified: true }).where('id', '=', id).execute()
    const { body } = await request('POST', '/mp/v1_0/authorizations', { mobile, code: '246810' })
    return personOf(name, mobile, body.data)
  }

  async function personOf(name: string, mobile: string, tokens: { token: string; refresh_token: string }): Promise<Person> {
    const { token, refresh_token: refreshToken } = tokens
    const as = (options: RequestOptions = {}) => ({ ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } })
    const self = await request('GET', '/app/v1_0/user', undefined, as())
    return {
      mobile,
      name,
      id: BigInt(self.body.data.id) as ReaderId,
      token,
      refreshToken,
      get: (path, options) => request('GET', path, undefined, as(options)),
      post: (path, json, options) => request('POST', path, json, as(options)),
      put: (path, json, options) => request('PUT', path, json, as(options)),
      patch: (path, json, options) => request('PATCH', path, json, as(options)),
      delete: (path, json, options) => request('DELETE', path, json, as(options)),
    }
  }

  async function requestCode(provider: SmsProvider, mobile: string): Promise<string> {
    await db.deleteFrom('sms_code').where('mobile', '=', mobile).execute() // as if a minute had passed since the last one
    await request('GET', `/app/v1_0/sms/codes/${mobile}`)
    return provider.codeOf(mobile)
  }

  async function createChannel(name: string): Promise<ChannelId> {
    const id = await rows.insertChannel(channelNameOf(name))
    await waitOnAllApis('/app/v1_0/channels', ({ body }) => body.data.channels.some((channel: { id: number }) => channel.id === id))
    return id
  }

  async function publish(drafts: ArticleDraft[]): Promise<ArticleId[]> {
    const ids = await rows.insertArticles(drafts)
    await waitForCatalogue()
    await waitForCounts()
    return ids
  }

  async function waitForCatalogue(): Promise<void> {
    const { rows } = await sql<{ published: number }>`select count(*)::int as published from published_article`.execute(db)
    const wanted = `catalogue_articles ${rows[0]?.published}`
    await eventually(
      async () => /^catalogue_articles .*$/m.exec((await requestFrom(metricsUrls[0] as string, 'GET', '/metrics')).text)?.[0],
      line => line === wanted,
    )
  }

  async function waitOnAllApis(path: string, isWanted: (answer: Answer) => boolean): Promise<void> {
    for (const url of urls) await eventually(() => requestFrom(url, 'GET', path), isWanted)
  }

  async function metrics(): Promise<string> {
    const answers = await Promise.all(metricsUrls.map(url => requestFrom(url, 'GET', '/metrics')))
    return answers.map(answer => answer.text).join('')
  }

  async function waitForBehaviours(viewer: string, count: number): Promise<void> {
    await eventually(
      () => db.selectFrom('behaviour').select('id').where('viewer', '=', viewer).execute(),
      stored => stored.length >= count,
    )
  }

  const data = { createChannel, publish, waitForCatalogue, waitForCounts, waitOnAllApis, waitForBehaviours, metrics }
  return { app, url: urls[0] as string, grpc, db, databaseUrl, dataDir, request, signIn, signInToStudio, ...data }
}
