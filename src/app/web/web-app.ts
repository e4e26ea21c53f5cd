// Which folder is served at `/`: the operator's (STATIC_DIR), or our web app, built in the background when its sources have
// changed. Nothing waits for a build; until it is done the build before is served, or a page that says so.

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../base/log.ts'
import { ConfigError } from '../../config.ts'
import type { Site } from '../../http/static.ts'
import { currentBuildFolder, DIST, isUnfinishedBuild } from './build-folder.ts'

/** `no`: serve what is there · `once`: build when out of date at the start · `always`: also when `/` is asked for. */
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

  async function refresh(): Promise<void> {
    const wanted = currentBuildFolder()
    if (!existsSync(wanted)) {
      const began = performance.now()
      child = spawn(process.execPath, [join(import.meta.dirname, 'build.ts')], { stdio: ['ignore', 'ignore', 'pipe'] })
      const error = await outcome(child)
      failed = error !== undefined
      if (error !== undefined) return void log.warn({ error }, 'the web app could not be built')
      log.info({ ms: Math.round(performance.now() - began) }, 'web app built')
    }
    folder = wanted
  }

  const look = () => {
    building ??= refresh()
      .catch(err => {
        failed = true
        log.warn({ err }, 'the web app could not be built')
      })
      .finally(() => {
        building = undefined
      })
    return building
  }
  if (build !== 'no') void look()

  return {
    custom: false,
    folder: () => folder,
    state: () => (folder ? 'ready' : failed || !building ? 'failed' : 'building'),
    refresh: async () => {
      if (build === 'always') await look()
    },
    async close() {
      child?.kill()
      await building
    },
  }
}

/** Undefined when it went well, else what it said. */
function outcome(child: ReturnType<typeof spawn>): Promise<string | undefined> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    said += piece
  })
  return new Promise(resolve => {
    child.once('error', err => resolve(err.message))
    child.once('close', code => resolve(code === 0 ? undefined : said.trim().slice(-2_000)))
  })
}

/** What the present sources made, else the newest of what others did. */
function findBuiltFolder(): string | undefined {
  const wanted = currentBuildFolder()
  if (existsSync(wanted)) return wanted
  try {
    const present = readdirSync(DIST)
      .map(name => join(DIST, name))
      .filter(path => existsSync(join(path, 'index.html')) && !isUnfinishedBuild(path))
    return present.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  } catch {
    return undefined // nothing was built yet
  }
}
