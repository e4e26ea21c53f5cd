// The composition root: builds the whole product. Read from top to bottom it shows what exists and what stands on what.

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Log } from '../base/log.ts'
import { NOTIFY_TOPICS, type NotifyTopic } from '../base/task.ts'
import type { Config } from '../config.ts'
import { hasDemoAccount } from '../demo/demo-state.sql.ts'
import { createBus } from '../engines/bus/bus.ts'
import { CONNECT_MS } from '../engines/database/database.ts'
import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import { listenForNotifications } from '../engines/log/notifications.ts'
import { createOperationLog } from '../features/admins/operation-log.ts'
import { createAppearancesTask } from '../features/articles/appearances.ts'
import { createVisits } from '../features/statistics/visits.ts'
import { KEY_LIMIT } from '../http/idempotency.ts'
import type { HttpListener } from '../http/listen.ts'
import { startRecommenderServer } from '../recommend/grpc/server.ts'
import { startApi } from '../roles/api.ts'
import { type HealthServerNeeds, startHealthServer } from '../roles/health-server.ts'
import { runTasks } from '../roles/tasks.ts'
import { startWorker } from '../roles/worker.ts'
import { createAdminModules } from './admin.ts'
import { openCaches } from './caches.ts'
import { createChangeTask } from './change-task.ts'
import { createChatParts } from './chat.ts'
import { createConsumerTasks } from './consumer-tasks.ts'
import { createCounting } from './counting.ts'
import { seedDemoOnce } from './demo.ts'
import { createFilesParts } from './files.ts'
import { createFirstAdmin, type FirstAdmin } from './first-admin.ts'
import { type Infrastructure, openInfrastructure } from './infrastructure.ts'
import { createModerationParts } from './moderation.ts'
import { createNoticeParts } from './notices.ts'
import { createOfficeModules } from './office.ts'
import { createRanking } from './ranking.ts'
import { createReaderFeatures } from './reader-features.ts'
import { createRealtimeParts } from './realtime.ts'
import { createRetentionJobs } from './retention-jobs.ts'
import { createSearchConsumers, createSearchParts } from './search.ts'
import { writeServerFile } from './server-file.ts'
import { createDrain, HTTP_CLOSE_MS } from './shutdown.ts'
import { VERSION } from './version.ts'
import { type BuildPolicy, openWebApp } from './web/web-app.ts'

export interface App {
  /** Where the process listens: for readers, or without the role `api` for health checks and metrics. */
  url: string
  /** host:port; undefined without the role `recommender`. */
  grpc: string | undefined
  /** True if the demo account exists, with which one can sign in as a reader and as a creator. */
  demo: boolean
  /** How to sign in as the first administrator, until the generated password is replaced. */
  firstAdmin: FirstAdmin | undefined
  /** Drains the process: answers the requests that have arrived, writes what was accepted, and closes everything. */
  close(): Promise<void>
}

export interface AppOptions {
  log?: Log
  /** DRAIN_NOTICE_MS by default. */
  drainNoticeMs?: number
  /** How long a request waits for a connection to the database. */
  connectMs?: number
  /** Aborts the start. */
  startSignal?: AbortSignal
  build?: BuildPolicy
}

/** If a step of the start throws, everything opened before it is closed. */
export async function createApp(
  config: Config,
  { log, drainNoticeMs, connectMs = CONNECT_MS, build = 'no', startSignal }: AppOptions = {},
): Promise<App> {
  const opened = new AsyncDisposableStack()
  const closeLater = <T extends { close(): unknown }>(part: T): T => opened.adopt(part, async each => void (await each.close()))
  const drain = createDrain(drainNoticeMs)
  let http: HttpListener | undefined
  try {
    const infrastructure = closeLater(await openInfrastructure(config, 'server', log, startSignal))
    const { database, redis, metrics } = infrastructure
    await seedDemoOnce(infrastructure)

    // What the product can do.
    const ranking = closeLater(await createRanking(infrastructure))
    const notifications = closeLater(await listenToPostgres(infrastructure))
    const counting = closeLater(createCounting(infrastructure))
    const caches = openCaches(infrastructure)
    const search = closeLater(await createSearchParts(infrastructure))
    // A function, because with PORT=0 the URL is known only after the server listens.
    const publicUrl = () => config.publicUrl ?? http?.url ?? ''
    // An address may also be that of another site: imported articles link to pictures there.
    const absoluteUrl = (path: string) => (/^https?:/.test(path) ? path : `${publicUrl()}/${path}`)
    const files = closeLater(await createFilesParts(infrastructure, absoluteUrl))
    const words = createModerationParts(infrastructure)
    const operationLog = createOperationLog(database)
    const visits = closeLater(
      createVisits({ db: database.db, clock: Date.now, secret: infrastructure.secrets.traces, log: infrastructure.log }),
    )
    const countSearch = visits.recordSearch
    const readerNeeds = { ranking, counting, search, files, moderation: words.moderation, operationLog, countSearch }
    const reader = closeLater(createReaderFeatures(infrastructure, caches, readerNeeds, absoluteUrl))
    const admin = createAdminModules(infrastructure, counting, operationLog, caches)
    const office = createOfficeModules(infrastructure, { operationLog, counting, files, moderation: words.moderation, absoluteUrl })
    const indexing = createSearchConsumers(infrastructure, search)
    const features = [...reader.modules, ...files.modules, ...admin.modules, words.module, ...office, indexing.module]
    const realtime = closeLater(createRealtimeParts(infrastructure, reader, features, absoluteUrl))
    const notices = await createNoticeParts(infrastructure, absoluteUrl, realtime.sockets)
    const chat = await createChatParts(infrastructure, { moderation: words.moderation, absoluteUrl, sockets: realtime.sockets })
    const modules = [...features, ranking.module, realtime.module, notices.module, chat.module]

    // Background tasks. Notifications come from PostgreSQL and over the bus: one arrives while the other reconnects.
    const bus = createBus(redis)
    const changeTask = await createChangeTask({ ...infrastructure, modules, caches, bus })
    const onNotification = (topic: NotifyTopic, run: () => void) => {
      notifications.on(topic, run)
      if (topic === 'change') bus.on(topic, () => run())
    }
    const consuming = createConsumerTasks(infrastructure, modules, randomUUID())
    opened.defer(consuming.release)
    const background = [...ranking.tasks, ...counting.tasks, ...consuming.tasks, ...notices.tasks, ...chat.tasks]
    const tasks = [...background, createAppearancesTask(database.db), changeTask]
    opened.defer(runTasks({ tasks, roles: config.roles, notifications: { on: onNotification }, log: infrastructure.log }))
    opened.defer(indexing.stop)
    opened.defer(ranking.stop)

    // The roles of this process.
    if (config.roles.has('worker')) {
      const worker = await startWorker({
        modules,
        retentionJobs: createRetentionJobs(infrastructure),
        db: database.db,
        zone: config.timezone,
        concurrency: config.jobsAtOnce,
        random: Math.random,
        onNotification: notifications.on,
        log: infrastructure.log,
        metrics,
      })
      opened.defer(() => worker.stop())
    }
    const { host, port, key } = config.grpc
    const service = config.roles.has('recommender')
      ? closeLater(await startRecommenderServer({ recommender: ranking.recommender, host, port, key, log: infrastructure.log }))
      : undefined
    const health = { ...healthOf(infrastructure, drain.isDraining), sockets: realtime.sockets?.endpoint }
    let firstAdmin: FirstAdmin | undefined
    if (config.roles.has('api')) {
      firstAdmin = await createFirstAdmin(infrastructure)
      const site = closeLater(openWebApp({ staticDir: config.staticDir, build, log: infrastructure.log }))
      const { timezone } = config
      const isSecure = config.publicUrl?.startsWith('https:') ?? false
      const { authenticate } = reader
      const { authenticateAdmin } = admin
      const idempotency = { db: infrastructure.database.db, keyLimiter: createRateLimiter(KEY_LIMIT, infrastructure.redis) }
      const recordVisit = visits.record
      http = await startApi({
        ...health,
        modules,
        recordVisit,
        authenticate,
        authenticateAdmin,
        idempotency,
        isSecure,
        version: VERSION,
        site,
        timezone,
      })
    } else http = await startHealthServer(health)
    closeLater(http)
    if (realtime.sockets) closeLater(realtime.sockets) // before HTTP, which waits for the connections that they hold

    const { url } = http
    const grpc = service && `${host}:${service.port}`
    closeLater(await writeServerFile(config.dataDir, { pid: process.pid, url, grpc: grpc ?? null }))
    const demo = await hasDemoAccount(database.db)
    database.setConnectMs(connectMs)
    const stack = opened.move()
    return {
      url,
      grpc,
      demo,
      firstAdmin,
      close: () => drain.run({ announce: () => service?.markNotServing(), closeParts: () => stack.disposeAsync() }),
    }
  } catch (err) {
    await opened.disposeAsync()
    throw err
  }
}

function listenToPostgres({ databaseUrl, log }: Infrastructure) {
  return listenForNotifications({
    url: databaseUrl,
    name: `broadsheet wakes ${process.pid}`,
    topics: NOTIFY_TOPICS,
    log,
  })
}

function healthOf({ config, database, redis, metrics, log }: Infrastructure, draining: () => boolean): HealthServerNeeds {
  const { host, port, metricsToken, trustProxy } = config
  const checks: HealthServerNeeds['checks'] = { database: { required: true, probe: () => sql`select 1`.execute(database.db) } }
  if (redis) checks.redis = { required: false, probe: () => redis.send(['PING']) }
  return { host, port, trustProxy, log, metrics, metricsToken, draining, checks, closeMs: HTTP_CLOSE_MS }
}
