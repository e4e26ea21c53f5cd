// Builds the web app into its folder. A process of its own, so that a server answers while it goes on. On stdout: nothing.

import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { currentBuildFolder, DIST, isUnfinishedBuild, WEB } from './build-folder.ts'

const TEXT = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest'])
const SMALL = 1024 // below, compressing saves no packet
const LEFT_MS = 600_000 // a build takes seconds: whoever began this one was killed

const folder = currentBuildFolder()
if (!existsSync(folder)) await build()

async function build(): Promise<void> {
  const { build: bundle } = await import('vite')
  const draft = `${folder}.${process.pid}`
  await mkdir(DIST, { recursive: true })
  try {
    const configFile = join(WEB, 'vite.config.ts')
    await bundle({ configFile, configLoader: 'native', logLevel: 'error', build: { outDir: draft, emptyOutDir: true } })
    await compress(draft)
    // Whoever built the same at the same time may have been quicker: theirs is as good.
    await rename(draft, folder).catch(err => {
      if (!existsSync(folder)) throw err
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  await removeOthers()
}

/** Beside each text a `.br` and a `.gz`, made once and well instead of for each request. */
async function compress(root: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && TEXT.has(extname(entry.name))).map(entry => join(entry.parentPath, entry.name))
  await Promise.all(
    files.map(async file => {
      const text = await readFile(file)
      if (text.length < SMALL) return
      await Promise.all([
        promisify(brotliCompress)(text).then(packed => writeFile(`${file}.br`, packed)),
        promisify(gzip)(text, { level: 9 }).then(packed => writeFile(`${file}.gz`, packed)),
      ])
    }),
  )
}

/** Builds of other sources go, except the one before: a server that still runs from it must not lose its files. */
async function removeOthers(): Promise<void> {
  const names = (await readdir(DIST)).map(name => join(DIST, name)).filter(path => path !== folder)
  const others = await Promise.all(names.map(async path => ({ path, at: (await stat(path)).mtimeMs })))
  const [drafts, builds] = [others.filter(({ path }) => isUnfinishedBuild(path)), others.filter(({ path }) => !isUnfinishedBuild(path))]
  const left = drafts.filter(({ at }) => Date.now() - at > LEFT_MS)
  const old = builds.toSorted((a, b) => b.at - a.at).slice(1)
  await Promise.all([...left, ...old].map(({ path }) => rm(path, { recursive: true, force: true })))
}
