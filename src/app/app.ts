// The composition root: every part of the product is made here, once, from what stands above it. Read from top to bottom
// it is the map; if anything fails on the way, what was opened is closed again.

import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Log } from '../base/log.ts'
import type { Config } from '../config.ts'
import { listenForWakes } from '../engines/log/wake.ts'
import { serveRecommender } from '../recommend/service.ts'
import { type Api, startApi } from '../roles/api.ts'
import { runTasks } from '../roles/tasks.ts'
import { hasDemo, seedDemoOnce } from './demo.ts'
import { openFoundation } from './foundation.ts'
import { announce } from './presence.ts'
import { createRanking } from './ranking.ts'
import { changeTask, createReading } from './reading.ts'
import { upkeepTasks } from './upkeep.ts'
import { VERSION } from './version.ts'
import { type Build, openWeb } from './web/web.ts'

export interface App {
  /** Undefined without the role api. */
  url: string | undefined
  /** host:port; undefined without the role recommender. */
  grpc: string | undefined
  /** Whether the demo's reader and creator is there to sign in as. */
  demo: boolean
  /** Drains: what has arrived is answered, what was accepted is written, then everything is closed. */
  close(): Promise<void>
}

export interface Options {
  log?: Log
  /** How long an operator's load balancer is given to notice that we are leaving, while we still serve. */
  noticeMs?: number
  /** Whether the web app is built. */
  build?: Build
}

export async function createApp(config: Config, { log, noticeMs = 500, build = 'no' }: Options = {}): Promise<App> {
  const opened = new AsyncDisposableStack()
  const keep = <T extends { close(): unknown }>(part: T): T => opened.adopt(part, async one => void (await one.close()))
  let draining = false
  try {
    const foundation = keep(await openFoundation(config, 'server', log))
    await seedDemoOnce(foundation)
    const ranking = keep(await createRanking(foundation))
    const wakes = keep(
      await listenForWakes({
        url: foundation.databaseUrl,
        name: `broadsheet wakes ${process.pid}`,
        channels: ['change', 'behaviour'],
        log: foundation.log,
      }),
    )
    const reading = keep(createReading(foundation, ranking, () => config.publicUrl ?? api?.url ?? ''))
    const tasks = [...ranking.tasks, ...upkeepTasks(foundation), await changeTask(foundation, reading.parts)]
    opened.defer(runTasks({ tasks, roles: config.roles, wakes, log: foundation.log }))

    const { host, port, key } = config.grpc
    const service = config.roles.has('recommender')
      ? keep(await serveRecommender({ recommender: ranking.recommender, host, port, key, log: foundation.log }))
      : undefined

    const api: Api | undefined = config.roles.has('api')
      ? keep(
          await startApi({
            parts: reading.parts,
            authenticate: reading.authenticate,
            host: config.host,
            port: config.port,
            version: VERSION,
            log: foundation.log,
            metrics: foundation.metrics,
            metricsToken: config.metricsToken,
            site: keep(openWeb({ staticDir: config.staticDir, build, log: foundation.log })),
            timezone: config.timezone,
            draining: () => draining,
            checks: { database: { vital: true, ok: () => sql`select 1`.execute(foundation.database.db) } },
          }),
        )
      : undefined

    const [url, grpc] = [api?.url, service && `${host}:${service.port}`]
    keep(await announce(config.dataDir, { pid: process.pid, url: url ?? null, grpc: grpc ?? null }))

    const demo = await hasDemo(foundation)
    const stack = opened.move()
    return {
      url,
      grpc,
      demo,
      async close() {
        draining = true
        service?.leave()
        await sleep(noticeMs)
        await stack.disposeAsync()
      },
    }
  } catch (err) {
    await opened.disposeAsync()
    throw err
  }
}
