// Pages in a real browser, if this machine has one. Each page records console errors, policy violations and layout shifts.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { currentBuildFolder, ROOT } from '../../src/app/web/build-folder.ts'
import { cleanup } from '../support/cleanup.ts'
import { type Product, startProduct } from '../support/product.ts'

// The headless shell is Chromium without a window system: the same engine for half the processor time.
const PROGRAMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser']
export const CHROMIUM = [process.env.CHROMIUM, ...PROGRAMS].find(path => path && existsSync(path))
/** The reason to skip tests, or false. */
export const NO_BROWSER = CHROMIUM ? false : 'there is no chromium here: install it, or name it in CHROMIUM'

/** The product with the web app in its current state. The app is built if it has changed. */
export async function startWithWebApp(env: Record<string, string> = {}): Promise<Product> {
  if (!existsSync(currentBuildFolder())) await promisify(execFile)(process.execPath, ['src/app/web/build.ts'], { cwd: ROOT })
  return startProduct({ env })
}

const WORKER_BLOCKED = /^Service Worker registration blocked by Playwright$/

let browser: Browser | undefined

export interface BrowserPage extends Page {
  /** Fails if the page has logged any error or warning since the last call, except those that match `allowed`. */
  assertNoComplaints(allowed?: RegExp): void
}

/** What closes a page: a test's context, or `{ after: cleanup }` for a page that all tests of a file use. */
export interface PageOwner {
  after: (step: () => Promise<void>) => void
}

/** A page with storage of its own, as a new reader has. */
export async function openBrowserPage(owner: PageOwner, url: string, options: BrowserContextOptions = {}): Promise<BrowserPage> {
  browser ??= await launch()
  const context = await browser.newContext({
    locale: 'zh-CN',
    baseURL: url,
    viewport: { width: 1100, height: 800 },
    serviceWorkers: 'block', // each new browser would load the whole app
    ...options,
  })
  owner.after(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  // As text: it runs in the page, with globals that this program's types lack.
  await page.addInitScript(`
    addEventListener('securitypolicyviolation', event => console.error('policy violated: ' + event.violatedDirective))
    window.shifts = []
    new PerformanceObserver(list => {
      for (const { hadRecentInput, value, sources } of list.getEntries())
        if (!hadRecentInput) window.shifts.push([value, ...sources.map(({ node }) => node?.className || node?.nodeName)])
    }).observe({ type: 'layout-shift', buffered: true })
  `)
  const assertNoComplaints = (allowed = /^$/) =>
    assert.deepEqual(
      complaints.splice(0).filter(complaint => !allowed.test(complaint) && !WORKER_BLOCKED.test(complaint)),
      [],
    )
  return Object.assign(page, { assertNoComplaints })
}

async function launch(): Promise<Browser> {
  // Root has no sandbox, and containers have little shared memory.
  const launched = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  cleanup(() => {
    browser = undefined // another file of the same process starts its own
    return launched.close()
  })
  return launched
}
