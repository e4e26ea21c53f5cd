// Reads the settings from the environment: a pure function from variables to a typed tree. It collects all mistakes and
// reports them together. No other file reads the environment.

import { join, resolve } from 'node:path'
import { ACCOUNT_PATTERN } from './base/account-name.ts'
import { createEnvReader, isHostAndPort, isProxy, isTimeZone } from './base/env-reader.ts'
import { type FilesLocation, parseFilesUrl } from './base/files-url.ts'
import { parseMoment } from './base/iso-time.ts'
import { LOG_LEVELS, type LogLevel } from './base/log.ts'
import { isLoopback } from './base/network.ts'
import { parseRedisUrl } from './base/redis-url.ts'
import { ROLES, type Role } from './base/role.ts'

export interface Config {
  host: string
  /** 0: any free port, for tests. */
  port: number
  /** Without a trailing slash. Absent: the address we listen on. */
  publicUrl?: string
  /** Trusted reverse proxies: how many in a row, or their addresses. X-Forwarded-For is read up to them. */
  trustProxy: number | string[]
  grpc: { host: string; port: number; key?: string }
  roles: Set<Role>
  dataDir: string
  /** Absent: embedded mode, with our own PostgreSQL in `dataDir`. */
  databaseUrl?: string
  /** The size of this process's pool; cache loads may use half of it. */
  databaseConnections: number
  /** Absent: caches, limits and counts use memory and PostgreSQL only. */
  redisUrl?: string
  /** OpenSearch. Absent: PostgreSQL searches. */
  searchUrl?: string
  /** A folder, or an S3 bucket. */
  files: FilesLocation
  /** Encrypts identity pictures. */
  filesKey?: string
  identityKey?: string
  /** Whether pictures may be uploaded without a token. */
  anonymousUpload: boolean
  recommenderAddress?: string
  smsUrl?: string
  /** A bot that answers in place of the built-in assistant. Absent url: none. */
  assistant: { url?: string; key?: string; model: string; deadlineMs: number }
  /** The path of an article in the web client, with `{id}`. */
  articlePath: string
  /** host:port of push services in our own network. All others have to be public. */
  webPushHosts: string[]
  /** Messages with codes a day, of all readers together. */
  smsPerDay: number
  /** A folder to serve at `/`. Absent: our own web app. */
  staticDir?: string
  timezone: string
  /** The first administrator. Absent password: one is generated. */
  admin: { account: string; password?: string; isSecondFactorRequired: boolean }
  /** `first`: seed if the embedded database is empty. */
  demo: { when: 'first' | 'always' | 'never'; seed: number; now?: number }
  /** How many job runs this process executes at once. */
  jobsAtOnce: number
  logLevel: LogLevel
  metricsToken?: string
  tokenKey?: string
  traceKey?: string
}

export class ConfigError extends Error {
  readonly mistakes: string[]
  constructor(mistakes: string[]) {
    super(`these settings are wrong:\n${mistakes.map(mistake => `  ${mistake}`).join('\n')}`)
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

export function readConfig(env: Record<string, string | undefined>): Config {
  const { mistakes, refuse, text, integer, url, oneOf, secret } = createEnvReader(env)
  const config: Config = {
    host: text('HOST') ?? '127.0.0.1',
    port: integer('PORT', 8000, 0, 65_535),
    publicUrl: url('PUBLIC_URL', ['http:', 'https:']),
    trustProxy: parseProxies(text('TRUST_PROXY'), refuse),
    grpc: { host: text('GRPC_HOST') ?? '127.0.0.1', port: integer('GRPC_PORT', 8888, 0, 65_535), key: secret('RECOMMENDER_KEY') },
    roles: parseRoles(text('ROLES'), refuse),
    dataDir: resolve(text('DATA_DIR') ?? './data'),
    databaseUrl: url('DATABASE_URL', ['postgres:', 'postgresql:']),
    // 16 connections keep two cores and a disk busy. With more, queries would queue inside PostgreSQL.
    // Three durable consumers at a first start, and a job: each holds one connection for its lock and works on another.
    databaseConnections: integer('DATABASE_CONNECTIONS', 16, 5, 500),
    redisUrl: text('REDIS_URL'),
    searchUrl: url('SEARCH_URL', ['http:', 'https:']),
    files: parseFiles(text('FILES_URL'), resolve(text('DATA_DIR') ?? './data'), refuse),
    filesKey: secret('FILES_KEY'),
    identityKey: secret('IDENTITY_KEY'),
    // Where everybody can sign in with the demo's code, a token says nothing about who uploads.
    anonymousUpload: oneOf('ANONYMOUS_UPLOAD', ['0', '1'], text('SMS_URL') ? '0' : '1') === '1',
    recommenderAddress: text('RECOMMENDER_ADDRESS'),
    smsUrl: url('SMS_URL', ['http:', 'https:']),
    assistant: {
      url: url('ASSISTANT_URL', ['http:', 'https:']),
      key: text('ASSISTANT_KEY'),
      model: text('ASSISTANT_MODEL') ?? 'default',
      // A reader who sees nothing for longer asks again.
      deadlineMs: integer('ASSISTANT_SECONDS', 20, 1, 120) * 1_000,
    },
    articlePath: text('ARTICLE_PATH') ?? '/article/{id}',
    webPushHosts: text('WEB_PUSH_HOSTS')?.split(',') ?? [],
    // A site that registers more than this in a day knows it beforehand; an attack stops here.
    smsPerDay: integer('SMS_PER_DAY', 10_000, 0, 10_000_000),
    staticDir: text('STATIC_DIR') && resolve(text('STATIC_DIR') as string),
    timezone: text('TIMEZONE') ?? 'Asia/Shanghai',
    admin: {
      account: text('ADMIN_ACCOUNT') ?? 'admin',
      password: text('ADMIN_PASSWORD'),
      isSecondFactorRequired: oneOf('ADMIN_SECOND_FACTOR', ['optional', 'required'], 'optional') === 'required',
    },
    demo: { when: parseDemo(text('DEMO'), refuse), seed: integer('DEMO_SEED', 1, 0, 2 ** 31), now: parseDate(text('DEMO_NOW'), refuse) },
    jobsAtOnce: integer('JOBS_AT_ONCE', 10, 1, 1_000),
    logLevel: oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    metricsToken: secret('METRICS_TOKEN'),
    tokenKey: secret('TOKEN_KEY'),
    traceKey: secret('TRACE_KEY'),
  }

  if (!isTimeZone(config.timezone)) refuse(`TIMEZONE must name a time zone such as Asia/Shanghai, not "${config.timezone}"`)
  if (config.redisUrl && !parseRedisUrl(config.redisUrl))
    refuse('REDIS_URL must be redis://host:port, rediss://host:port or redis+sentinel://host:port,host:port/name')
  if (!ACCOUNT_PATTERN.test(config.admin.account))
    refuse('ADMIN_ACCOUNT must be a letter, followed by 3 to 15 letters, digits or underscores')
  if (config.admin.password && !/^.{8,128}$/.test(config.admin.password)) refuse('ADMIN_PASSWORD must have 8 to 128 characters')
  if (!/^\/[!-~]*\{id\}[!-~]*$/.test(config.articlePath)) refuse('ARTICLE_PATH must begin with / and have {id}')
  if (!config.webPushHosts.every(isHostAndPort)) refuse('WEB_PUSH_HOSTS must be host:port, several separated by commas')
  if (config.recommenderAddress && !isHostAndPort(config.recommenderAddress)) refuse('RECOMMENDER_ADDRESS must be host:port')
  if (!config.roles.has('recommender') && config.roles.has('api') && !config.recommenderAddress)
    refuse('RECOMMENDER_ADDRESS is needed: this process serves readers (role api) without the role recommender')
  const reachable = reachableBy(config)
  if (config.roles.has('api') && reachable && !config.smsUrl)
    refuse(`SMS_URL is needed: ${reachable}, and the demo's sign-in code, which everyone knows, is for this machine only`)
  if (config.roles.has('recommender') && !isLoopback(config.grpc.host) && !config.grpc.key)
    refuse(`RECOMMENDER_KEY is needed: GRPC_HOST is ${config.grpc.host}, and without a key the recommender serves only this machine`)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return config
}

/** The setting that says that other machines reach this server; undefined if none does. */
function reachableBy({ host, publicUrl, trustProxy }: Config): string | undefined {
  if (!isLoopback(host)) return `HOST is ${host}`
  if (publicUrl && !isLoopback(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''))) return `PUBLIC_URL is ${publicUrl}`
  return trustProxy !== 0 ? 'TRUST_PROXY says that a proxy serves other machines' : undefined
}

function parseRoles(given: string | undefined, refuse: (mistake: string) => void): Set<Role> {
  if (given === undefined || given === 'all') return new Set(ROLES)
  const names = given.split(',').map(name => name.trim())
  const unknown = names.filter(name => !(ROLES as readonly string[]).includes(name))
  if (unknown.length > 0) refuse(`ROLES must be all, or some of ${ROLES.join(', ')}, separated by commas; not "${given}"`)
  return new Set(names.filter((name): name is Role => (ROLES as readonly string[]).includes(name)))
}

function parseFiles(given: string | undefined, dataDir: string, refuse: (mistake: string) => void): FilesLocation {
  const location = given === undefined ? undefined : parseFilesUrl(given)
  if (given !== undefined && !location)
    refuse('FILES_URL must be s3://key:secret@bucket/prefix?endpoint=https://host&region=name, or file:///folder')
  return location ?? { kind: 'folder', folder: join(dataDir, 'files') }
}

const PROXIES_MAX = 100 // each request is compared with all of them

function parseProxies(given: string | undefined, refuse: (mistake: string) => void): number | string[] {
  if (given === undefined) return 0
  if (/^\d$/.test(given)) return Number(given)
  const addresses = given.split(',').map(each => each.trim())
  if (addresses.length <= PROXIES_MAX && addresses.every(isProxy)) return addresses
  refuse(`TRUST_PROXY must be the number of proxies, at most 9, or their addresses, such as 10.0.0.0/8,loopback; not "${given}"`)
  return 0
}

function parseDemo(given: string | undefined, refuse: (mistake: string) => void): Config['demo']['when'] {
  if (given === undefined) return 'first'
  if (['1', 'true', 'yes', 'on'].includes(given)) return 'always'
  if (['0', 'false', 'no', 'off'].includes(given)) return 'never'
  refuse(`DEMO must be 1 or 0, not "${given}"`)
  return 'first'
}

function parseDate(given: string | undefined, refuse: (mistake: string) => void): number | undefined {
  if (given === undefined) return undefined
  const time = /^\d{13}$/.test(given) ? Number(given) : parseMoment(given)
  if (time === undefined) refuse(`DEMO_NOW must be a date and time such as 2026-01-31T08:00:00Z, not "${given}"`)
  return time
}
