// The composition root: every part of the product is made here, once, from what stands above it. Read from top to bottom
// it is the map; if anything fails on the way, what was opened is closed again.

import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Log } from '../base/log.ts'
import type { Config } from '../config.ts'
import { createBus } from '../engines/bus/bus.ts'
import { listenForWakes } from '../engines/log/wake.ts'
import type { HttpListener } from '../http/listen.ts'
import { serveRecommender } from '../recommend/service.ts'
import { startApi } from '../roles/api.ts'
import { startHealthServer } from '../roles/health-server.ts'
import { runTasks } from '../roles/tasks.ts'
import { startWorker } from '../roles/worker.ts'
import { createAdminModules } from './admin.ts'
import { createCounting } from './counting.ts'
import { hasDemo, seedDemoOnce } from './demo.ts'
import { createFirstAdmin, type FirstAdmin } from './first-admin.ts'
import { openInfrastructure } from './infrastructure.ts'
import { createRanking } from './ranking.ts'
import { createChangeTask, createReaderFeatures } from './reader-features.ts'
import { createRetentionJobs } from './retention-jobs.ts'
import { writeServerFile } from './server-file.ts'
import { VERSION } from './version.ts'
import { type BuildPolicy, openWebApp } from './web/web-app.ts'

export interface App {
  /** Where readers are served, or, without the role api, only whoever watches this process. */
  url: string
  /** host:port; undefined without the role recommender. */
  grpc: string | undefined
  /** Whether the demo's reader and creator is there to sign in as. */
  demo: boolean
  /** How to sign in as the first administrator, as long as nobody has chosen another password. */
  firstAdmin: FirstAdmin | undefined
  /** Drains: what has arrived is answered, what was accepted is written, then everything is closed. */
  close(): Promise<void>
}

export interface AppOptions {
  log?: Log
  /** How long an operator's load balancer is given to notice that we are leaving, while we still serve. */
  drainNoticeMs?: number
  /** Aborted when nobody waits for the start any more. */
  startSignal?: AbortSignal
  /** Whether the web app is built. */
  build?: BuildPolicy
}

export async function createApp(config: Config, { log, drainNoticeMs = 500, build = 'no', startSignal }: AppOptions = {}): Promise<App> {
  const opened = new AsyncDisposableStack()
  const keep = <T extends { close(): unknown }>(part: T): T => opened.adopt(part, async one => void (await one.close()))
  let draining = false
  let http: HttpListener | undefined
  try {
    const foundation = keep(await openInfrastructure(config, 'server', log, startSignal))
    await seedDemoOnce(foundation)
    const ranking = keep(await createRanking(foundation))
    const wakes = keep(
      await listenForWakes({
        url: foundation.databaseUrl,
        name: `broadsheet wakes ${process.pid}`,
        channels: ['change', 'behaviour', 'job'],
        log: foundation.log,
      }),
    )
    const counting = keep(createCounting(foundation))
    const reading = keep(createReaderFeatures(foundation, caches, ranking, counting, () => config.publicUrl ?? http?.url ?? ''))
    const office = createAdminModules(foundation, counting)
    const modules = [...reading.modules, ...office.modules]
    const bus = createBus(foundation.redis)
    const tasks = [...ranking.tasks, ...counting.tasks, await createChangeTask(foundation, { modules, caches: reading.caches }, bus)]
    // A second way to be woken, while the connection of the first is made anew.
    const wake = (channel: string, run: () => void) => [wakes, bus].forEach(way => way.on(channel, run))
    opened.defer(runTasks({ tasks, roles: config.roles, wakes: { on: wake }, log: foundation.log }))

    if (config.roles.has('worker')) {
      const worker = await startWorker({
        modules,
        retentionJobs: createRetentionJobs(foundation),
        db: foundation.database.db,
        zone: config.timezone,
        concurrency: config.jobsAtOnce,
        random: Math.random,
        onNotification: wakes.on,
        log: foundation.log,
        metrics: foundation.metrics,
      })
      opened.defer(() => worker.stop())
    }

    const { host, port, key } = config.grpc
    const service = config.roles.has('recommender')
      ? keep(await serveRecommender({ recommender: ranking.recommender, host, port, key, log: foundation.log }))
      : undefined

    // Whoever signs people in sees to it that there is somebody to sign in.
    const firstAdmin = config.roles.has('api') ? await createFirstAdmin(foundation) : undefined
    const watched = {
      host: config.host,
      port: config.port,
      log: foundation.log,
      metrics: foundation.metrics,
      metricsToken: config.metricsToken,
      draining: () => draining,
      checks: {
        database: { required: true, probe: () => sql`select 1`.execute(foundation.database.db) },
        ...(foundation.redis && { redis: { required: false, probe: () => foundation.redis?.send(['PING']) ?? Promise.reject() } }),
      },
    }
    http = keep(
      config.roles.has('api')
        ? await startApi({
            ...watched,
            modules,
            authenticate: reading.authenticate,
            authenticateAdmin: office.authenticateAdmin,
            trustProxy: config.trustProxy,
            version: VERSION,
            site: keep(openWebApp({ staticDir: config.staticDir, build, log: foundation.log })),
            timezone: config.timezone,
          })
        : await startHealthServer(watched),
    )

    const [{ url }, grpc] = [http, service && `${host}:${service.port}`]
    keep(await writeServerFile(config.dataDir, { pid: process.pid, url, grpc: grpc ?? null }))

    const demo = await hasDemo(foundation)
    const stack = opened.move()
    return {
      url,
      grpc,
      demo,
      firstAdmin,
      async close() {
        draining = true
        service?.leave()
        await sleep(drainNoticeMs)
        await stack.disposeAsync()
      },
    }
  } catch (err) {
    await opened.disposeAsync()
    throw err
  }
}
