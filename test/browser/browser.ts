// Pages in a real browser, if this machine has one. Each page records console errors, policy violations and layout shifts.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Disposable, type Page } from 'playwright-core'
import { currentBuildFolder, ROOT } from '../../src/app/web/build-folder.ts'
import { cleanup } from '../support/cleanup.ts'
import { type Product, startProduct } from '../support/product.ts'
import { eventually, PATIENCE_MS, within } from '../support/waiting.ts'

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
const SIZE = { width: 1100, height: 800 }

export interface BrowserPage extends Page {
  /** Fails if the page has logged any error or warning since the last call, except those that match `allowed`. */
  assertNoComplaints(allowed?: RegExp): void
}

/** What ends the use of a page: a test's context, or `{ after: cleanup }` for a page that all tests of a file use. */
export interface PageOwner {
  after: (step: () => Promise<void>) => void
}

/** `own`: the test does what a tab does not forget, such as setting its clock. */
type PageOptions = BrowserContextOptions & { own?: true }

/**
 * A page with empty storage, as a new reader has. It is a tab that an earlier test used, if there is one of the same kind: Chromium has
 * compiled the app then, and a visit costs a third.
 */
export async function openBrowserPage(owner: PageOwner, url: string, { own, ...given }: PageOptions = {}): Promise<BrowserPage> {
  const options = { viewport: SIZE, ...given }
  const isShared = !own && options.serviceWorkers !== 'allow' // a worker goes on without its pages
  const { viewport, colorScheme, reducedMotion, ...lasting } = options
  const kind = JSON.stringify([url, lasting])
  const free = tabs.get(kind) ?? []
  if (isShared) tabs.set(kind, free)
  const used = isShared && free.pop()
  const tab = used || (await newTab(url, options))
  const page = use(tab)
  if (used) {
    await page.emulateMedia({ colorScheme: colorScheme ?? 'light', reducedMotion: reducedMotion ?? 'no-preference' })
    if (viewport) await page.setViewportSize(viewport)
  }
  owner.after(async () => {
    // Not if the test has opened others: to close a page while it loads may last for ever, to close its context does not.
    const isAlone = !page.isClosed() && tab.context.pages().length === 1
    if (isShared && isAlone && (await forget(tab))) free.push(tab)
    else await within(tab.context.close(), 'a context is closed')
  })
  return page
}

interface Tab {
  context: BrowserContext
  page: Page
  url: string
  /** What the test wants to run in each document. */
  scripts: Disposable[]
}

/** Tabs that no test uses, by their kind. */
const tabs = new Map<string, Tab[]>()

async function newTab(url: string, options: BrowserContextOptions): Promise<Tab> {
  browser ??= await launch()
  // A new browser would load the whole app for its service worker.
  const context = await browser.newContext({ locale: 'zh-CN', baseURL: url, serviceWorkers: 'block', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  context.on('page', limitEvaluate)
  const page = await context.newPage()
  // As text: it runs in the page, with globals that this program's types lack.
  await page.addInitScript(`
    addEventListener('securitypolicyviolation', event => console.error('policy violated: ' + event.violatedDirective))
    window.shifts = []
    new PerformanceObserver(list => {
      for (const { hadRecentInput, value, sources } of list.getEntries())
        if (!hadRecentInput) window.shifts.push([value, ...sources.map(({ node }) => node?.className || node?.nodeName)])
    }).observe({ type: 'layout-shift', buffered: true })
    window.notices = []
    new MutationObserver(records => {
      for (const { target, addedNodes } of records) if (target.className === 'notice') for (const node of addedNodes) notices.push(node.textContent)
    }).observe(document, { childList: true, subtree: true })
  `)
  const scripts: Disposable[] = []
  const addInitScript = page.addInitScript.bind(page)
  page.addInitScript = async (...given: Parameters<Page['addInitScript']>) => {
    const script = await addInitScript(...given)
    scripts.push(script)
    return script
  }
  return { context, page, url, scripts }
}

/** Playwright waits for ever for a page that does not answer, or whose promise is never kept. */
function limitEvaluate(page: Page): void {
  const evaluate: Page['evaluate'] = page.evaluate.bind(page)
  page.evaluate = (script: string, ...rest: unknown[]) => within(evaluate(script, ...rest), `the page evaluates ${script.slice(0, 200)}`)
}

/** Records what the page complains of, from now on. */
function use({ page }: Tab): BrowserPage {
  const complaints: string[] = []
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  const assertNoComplaints = (allowed = /^$/) =>
    assert.deepEqual(
      complaints.splice(0).filter(complaint => !allowed.test(complaint) && !WORKER_BLOCKED.test(complaint)),
      [],
    )
  return Object.assign(page, { assertNoComplaints })
}

/**
 * Waits for a message that the page shows for three seconds. It may have gone before a busy test looks, so the page notes each. Those up to
 * it are forgotten.
 */
export async function noticed(page: Page, text: string | RegExp): Promise<void> {
  const isWanted = (shown: string) => (typeof text === 'string' ? shown.includes(text) : text.test(shown))
  const place = await eventually(
    async () => (await page.evaluate<string[]>('notices')).findIndex(isWanted),
    found => found >= 0,
  )
  await page.evaluate(`notices.splice(0, ${place + 1})`)
}

/** Waits for two frames, and what they start. A browser may draw no frame of a page that does not change: then for ten seconds. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(`Promise.race([
    new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
    new Promise(resolve => setTimeout(resolve, 10_000)),
  ])`)
}

/** A dialog that was closed takes its entry of the browser's history back a moment later. */
export async function waitForHistory(page: BrowserPage): Promise<void> {
  // Not with waitForFunction: it evaluates text in the page, whose policy forbids that from the second look on.
  await eventually(
    () => page.evaluate<boolean>(`history.state?.isDialog !== true || document.querySelector('dialog[open]') !== null`),
    isTakenBack => isTakenBack,
  )
}

/** Shows another screen of the app that is open, as a link to it would: a fraction of a visit. Wait for what only that screen has. */
export async function goWithin(page: BrowserPage, path: string): Promise<void> {
  await waitForHistory(page)
  await page.evaluate(`history.pushState({ key: Math.random().toString(36), depth: history.state.depth + 1 }, '', ${JSON.stringify(path)})`)
}

/** Closes the page in its tab. With `goto` Chromium would start another process for the next page. */
export async function leave(page: Page): Promise<void> {
  await page.evaluate(`setTimeout(() => location.replace('about:blank'))`)
  await page.waitForURL('about:blank')
}

/** Makes a tab like a new one, for the next test. False if it does not become one. */
const forget = (tab: Tab) =>
  within(makeNew(tab), 'a tab is made like a new one').then(
    () => true,
    () => false,
  )

async function makeNew({ context, page, url, scripts }: Tab): Promise<void> {
  await leave(page) // first: the app stores things then
  await context.setOffline(false)
  await Promise.all([page.unrouteAll({ behavior: 'ignoreErrors' }), context.unrouteAll({ behavior: 'ignoreErrors' })])
  await context.clearPermissions()
  for (const event of EVENTS) page.removeAllListeners(event)
  for (const script of scripts.splice(0)) await script.dispose()
  const devTools = await context.newCDPSession(page)
  await devTools.send('Storage.clearDataForOrigin', { origin: url, storageTypes: 'all' })
  await devTools.send('Page.resetNavigationHistory')
  await devTools.detach()
}

/** That tests listen to. */
const EVENTS = ['console', 'load', 'pageerror', 'request', 'requestfailed', 'websocket']

let browser: Browser | undefined

async function launch(): Promise<Browser> {
  // Root has no sandbox, and containers have little shared memory.
  const launched = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  cleanup(() => {
    browser = undefined // another file of the same process starts its own
    tabs.clear()
    return launched.close()
  })
  return launched
}
