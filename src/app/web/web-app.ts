// Decides which folder is served at `/`: the operator's (STATIC_DIR), or our web app. The app is built in the background when
// its sources have changed; until then the previous build is served, or a page that says so.

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../base/log.ts'
import { ConfigError } from '../../config.ts'
import type { Site } from '../../http/static.ts'
import { currentBuildFolder, DIST, isUnfinishedBuild } from './build-folder.ts'

/** `no`: serve the newest build · `once`: build at the start if out of date · `always`: also before each page. */
export type BuildPolicy = 'no' | 'once' | 'always'

export interface WebApp extends Site {
  close(): Promise<void>
}

export function openWebApp({ staticDir, build, log }: { staticDir: string | undefined; build: BuildPolicy; log: Log }): WebApp {
  if (staticDir !== undefined) {
    if (!existsSync(join(staticDir, 'index.html'))) throw new ConfigError([`STATIC_DIR must hold an index.html; ${staticDir} does not`])
    return { custom: true, folder: () => staticDir, state: () => 'ready', refresh: async () => {}, close: async () => {} }
  }
  let folder = findBuiltFolder()
  let failed = false
  let building: Promise<void> | undefined
  let child: ReturnType<typeof spawn> | undefined

  async function buildIfStale(): Promise<void> {
    const current = currentBuildFolder()
    if (!existsSync(current)) {
      const startedAt = performance.now()
      child = spawn(process.execPath, [join(import.meta.dirname, 'build.ts')], { stdio: ['ignore', 'ignore', 'pipe'] })
      const error = await errorOf(child)
      failed = error !== undefined
      if (child.killed) return // the process stops
      if (error !== undefined) return void log.warn({ error }, 'the web app could not be built')
      log.info({ ms: Math.round(performance.now() - startedAt) }, 'web app built')
    }
    folder = current
  }

  const buildOnce = () => {
    building ??= buildIfStale()
      .catch(err => {
        failed = true
        log.warn({ err }, 'the web app could not be built')
      })
      .finally(() => {
        building = undefined
      })
    return building
  }
  if (build !== 'no') void buildOnce()

  return {
    custom: false,
    folder: () => folder,
    state: () => (building ? 'building' : folder && !failed ? 'ready' : 'failed'),
    refresh: async () => {
      if (build === 'always') await buildOnce()
    },
    async close() {
      child?.kill()
      await building
    },
  }
}

/** What the process wrote to stderr if it failed; undefined if it succeeded. */
function errorOf(child: ReturnType<typeof spawn>): Promise<string | undefined> {
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    output += piece
  })
  return new Promise(resolve => {
    child.once('error', err => resolve(err.message))
    child.once('close', code => resolve(code === 0 ? undefined : output.trim().slice(-2_000)))
  })
}

/** The build of the current sources, else the newest one. */
function findBuiltFolder(): string | undefined {
  const current = currentBuildFolder()
  if (existsSync(current)) return current
  try {
    const builds = readdirSync(DIST)
      .map(name => join(DIST, name))
      .filter(path => existsSync(join(path, 'index.html')) && !isUnfinishedBuild(path))
    return builds.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  } catch {
    return undefined // no build yet
  }
}
