// Builds the three web apps, as a process of its own so that the server can answer in the meantime. Prints nothing to stdout.

import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'
import { currentBuildFolder, DIST, isUnfinishedBuild, WEB } from './build-folder.ts'

const TEXT = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest'])
const COMPRESS_MIN = 1024 // bytes; a smaller file fits into one packet
const BROTLI = { params: { [zlib.BROTLI_PARAM_QUALITY]: 10 } } // the highest, 11, saves 2% of the bytes for twice the time
const ABANDONED_MS = 600_000 // a build takes seconds; after this time its process was killed

/** Files beside `assets` that the page names. */
const KEPT_BESIDE = new Set(['icon.svg', 'manifest.webmanifest'])

/** A build each, so that readers load nothing of the others'. All pages use /icon.svg of `public`; /push.js is the reader's. */
const APPS = [
  { root: join(WEB, 'reader'), base: '/', publicDir: join(WEB, 'shared', 'public'), folder: '.' },
  { root: join(WEB, 'studio'), base: '/studio/', publicDir: false, folder: 'studio' },
  { root: join(WEB, 'admin'), base: '/admin/', publicDir: false, folder: 'admin' },
] as const

/**
 * Scripts that pages run before anything else is loaded: they stand in the page itself, because asking for one costs a phone a fifth of a
 * second. Each takes from the app's modules only what it calls.
 */
const INLINE = [join(WEB, 'shared', 'first-theme.ts'), join(WEB, 'reader', 'first-page.ts')]

const folder = currentBuildFolder()
if (!existsSync(folder)) await build()

async function build(): Promise<void> {
  const { build: bundle } = await import('vite')
  const unfinished = `${folder}.${process.pid}`
  await mkdir(DIST, { recursive: true })
  try {
    const configFile = join(WEB, 'vite.config.ts')
    const buildApp = ({ folder, ...app }: (typeof APPS)[number]) =>
      bundle({
        ...app,
        configFile,
        configLoader: 'native',
        logLevel: 'error',
        build: { outDir: join(unfinished, folder), emptyOutDir: false },
      })
    await Promise.all(APPS.map(buildApp))
    const pages = APPS.map(({ folder }) => join(unfinished, folder, 'index.html'))
    for (const file of INLINE) await bundleInto(pages, file)
    await writeServiceWorker(unfinished)
    await compress(unfinished)
    // Another process may have finished the same build first.
    await rename(unfinished, folder).catch(err => {
      if (!existsSync(folder)) throw err
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  await removeOldBuilds()
}

/** Puts a script into each page that names it in a comment. */
async function bundleInto(pages: string[], file: string): Promise<void> {
  const { build: bundle } = await import('vite')
  const built = await bundle({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      target: 'baseline-widely-available',
      write: false,
      rolldownOptions: { input: file, output: { format: 'iife' }, treeshake: { moduleSideEffects: path => path === file } },
    },
  })
  if (!('output' in built)) throw new Error(`${file} was not built as one script`)
  const { code } = built.output[0]
  for (const page of pages) {
    const html = await readFile(page, 'utf8')
    await writeFile(
      page,
      html.replace(`<!-- ${basename(file)} -->`, () => `<script>${code.trim()}</script>`),
    )
  }
}

/** The readers' app works without a network: its service worker keeps every file of this build. */
async function writeServiceWorker(root: string): Promise<void> {
  const names = (await readdir(root, { recursive: true })).map(name => name.replaceAll('\\', '/'))
  const files = names.filter(name => /^assets\/.+\.(js|css)$/.test(name) || KEPT_BESIDE.has(name)).map(name => `/${name}`)
  const build = { version: basename(folder), files: files.toSorted() }
  const worker = await readFile(join(WEB, 'reader', 'offline', 'service-worker.js'), 'utf8')
  await writeFile(join(root, 'service-worker.js'), `const BUILD = ${JSON.stringify(build)}\n${worker}`)
}

/** Writes a `.br` and a `.gz` of each text file, so that no request has to compress. */
async function compress(root: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && TEXT.has(extname(entry.name))).map(entry => join(entry.parentPath, entry.name))
  await Promise.all(
    files.map(async file => {
      const text = await readFile(file)
      if (text.length < COMPRESS_MIN) return
      await Promise.all([
        promisify(brotliCompress)(text, BROTLI).then(compressed => writeFile(`${file}.br`, compressed)),
        promisify(gzip)(text, { level: 9 }).then(compressed => writeFile(`${file}.gz`, compressed)),
      ])
    }),
  )
}

/** Keeps the previous build, because a running server may still serve it. */
async function removeOldBuilds(): Promise<void> {
  const names = (await readdir(DIST)).map(name => join(DIST, name)).filter(path => path !== folder)
  const others = await Promise.all(names.map(async path => ({ path, at: (await stat(path)).mtimeMs })))
  const [unfinished, finished] = [
    others.filter(({ path }) => isUnfinishedBuild(path)),
    others.filter(({ path }) => !isUnfinishedBuild(path)),
  ]
  const abandoned = unfinished.filter(({ at }) => Date.now() - at > ABANDONED_MS)
  const old = finished.toSorted((a, b) => b.at - a.at).slice(1)
  await Promise.all([...abandoned, ...old].map(({ path }) => rm(path, { recursive: true, force: true })))
}
