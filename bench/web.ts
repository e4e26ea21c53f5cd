// The front page in Chromium as on a phone in a mobile network, and a feed that is scrolled for a thousand articles. Times are
// those the browser reports and traces. A bare page with the same headlines stands beside the first.

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { runProduct, runToEnd } from './processes.ts'
import { median, quantile, type Report, round } from './report.ts'
import { type FrameTimes, traceClick, traceFrames } from './web-frames.ts'

const ROUNDS = 5
const ARTICLES = 4_200
/** How far is scrolled. */
const STOPS = [500, 1_000, 2_000, 4_000]
/** A mid-range phone beside this machine's core, and the network that Lighthouse calls slow 4G. */
const CPU_SLOWDOWN = 4
const NETWORK = { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8, offline: false }
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, locale: 'zh-CN' }
const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-headless-shell'].find(path => path && existsSync(path))

export async function measure(): Promise<Report> {
  await using stack = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-bench-web-'))
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  const product = await runProduct({ DATA_DIR: dataDir })
  stack.defer(() => product.stop())
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  stack.defer(() => browser.close())
  await waitForBuild(product.url)
  const bare = await serveBarePage(product.url)
  stack.defer(bare.close)

  const visits: Visit[] = []
  const bareVisits: Visit[] = []
  for (let i = 0; i < ROUNDS; i++) {
    visits.push(await visit(browser, product.url))
    bareVisits.push(await visit(browser, bare.url))
  }
  const scroll = await scrollFar(browser, product.url, dataDir)
  const row = (what: string, figures: Visit[]) => ({
    what,
    'LCP ms': round(median(figures.map(({ lcp }) => lcp))),
    'most LCP ms': round(Math.max(...figures.map(({ lcp }) => lcp))),
    CLS: round(Math.max(...figures.map(({ cls }) => cls)), 2),
    'INP ms': round(median(figures.map(({ inp }) => inp))),
    'most INP ms': round(Math.max(...figures.map(({ inp }) => inp))),
    'touch ms': round(median(figures.map(({ touchMs }) => touchMs))),
    'script kB': round(median(figures.map(({ scriptBytes }) => scriptBytes)) / 1_000),
  })
  return {
    load: [
      `${ROUNDS} first visits each with an empty cache, processor ${CPU_SLOWDOWN} times slower, ${NETWORK.downloadThroughput / 1_000} kB/s, ${NETWORK.latency} ms.`,
      'Scrolled without slowing down, processor time of script and layout a frame, and heap after a collection:',
      ...scroll.map(({ cards, frames, scriptMb, browserMb }) => {
        const times = `median ${round(median(frames))} ms, 95 % below ${round(quantile(frames, 0.95))} ms of ${frames.length} frames`
        return `to ${cards} cards ${times}, ${round(scriptMb)} MB of script and ${round(browserMb)} MB of the browser;`
      }),
    ].join('\n'),
    rows: [row('front page', visits), row('bare page', bareVisits)],
  }
}

interface Visit {
  lcp: number
  cls: number
  inp: number
  /** Processor time of the touch that took most. */
  touchMs: number
  /** As they are sent, before anything is clicked. */
  scriptBytes: number
}

async function openPhone(browser: Browser): Promise<{ page: Page; cdp: CDPSession }> {
  const context = await browser.newContext(PHONE)
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  return { page, cdp }
}

const OBSERVE = `
  window.lcp = 0; window.cls = 0; window.inp = 0
  new PerformanceObserver(list => { window.lcp = list.getEntries().at(-1).startTime }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.cls += e.value }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (e.interactionId) window.inp = Math.max(window.inp, e.duration) }).observe({ type: 'event', buffered: true, durationThreshold: 16 })`

/** Loads a page, then touches what a reader touches first: a menu, the next channel, an article. */
async function visit(browser: Browser, url: string): Promise<Visit> {
  const { page, cdp } = await openPhone(browser)
  let scriptBytes = 0
  const scripts = new Set<string>()
  cdp.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId))
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scriptBytes += encodedDataLength
  })
  await page.addInitScript(OBSERVE)
  await cdp.send('Network.emulateNetworkConditions', NETWORK)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await page.goto(url)
  await page.locator('h2').first().waitFor()
  const lcpScript = scriptBytes
  await page.waitForLoadState('networkidle')
  const lcp = await page.evaluate<number>('lcp') // ends with the first touch
  let touchMs = 0
  for (const touched of ['.card-menu', '.menu button:nth-child(2)', '.sheet[open] .round', '.channels nav a:nth-child(3)', '.feed h2 a']) {
    const target = page.locator(touched).first()
    // What is loaded first may take a while: a sheet that opened late would cover what is touched next.
    await target.waitFor({ timeout: 5_000 }).catch(() => {})
    if (!(await target.isVisible())) continue
    const ms = await traceClick(cdp, async () => {
      await target.tap()
      await page.waitForTimeout(600)
    })
    touchMs = Math.max(touchMs, ms)
  }
  const [cls, inp] = await page.evaluate<[number, number]>('[cls, inp]')
  await page.context().close()
  return { lcp, cls, inp, touchMs, scriptBytes: lcpScript }
}

async function scrollFar(browser: Browser, url: string, dataDir: string) {
  const file = join(dataDir, 'many.jsonl')
  const line = (_: unknown, i: number) =>
    JSON.stringify({
      title: `第 ${i} 篇：雨夜里的酸汤鱼，热到眼镜起雾`,
      channel: '长卷',
      cover: [`drawn/${i + 1}-1.svg`],
      source_id: randomUUID(),
    })
  await writeFile(file, Array.from({ length: ARTICLES }, line).join('\n'))
  await runToEnd('../src/cli/main.ts', ['import', 'articles', file], { DATA_DIR: dataDir })
  const channels = await getData<{ channels: { id: number; name: string }[] }>(`${url}/v1_0/channels`)
  const channel = channels.channels.find(({ name }) => name === '长卷')?.id
  const { page, cdp } = await openPhone(browser)
  await page.goto(`${url}/c/${channel}`)
  await page.locator('.feed article').first().waitFor()
  const count = () => page.evaluate<number>(`Number(document.querySelector('.feed').dataset.cards)`)
  const stops: { cards: number; frames: FrameTimes; scriptMb: number; browserMb: number }[] = []
  let cards = await count()
  for (const goal of STOPS) {
    const frames = await traceFrames(cdp, async () => {
      for (let still = 0; cards < goal && still < 100; ) {
        await page.mouse.wheel(0, 900)
        await page.waitForTimeout(50)
        const now = await count()
        still = now === cards ? still + 1 : 0
        cards = now
      }
    })
    // Twice: what a removed element has kept of the browser's own heap goes with the second.
    for (let i = 0; i < 2; i++) {
      await cdp.send('HeapProfiler.collectGarbage')
      await page.waitForTimeout(500)
    }
    const { usedSize, embedderHeapUsedSize } = await cdp.send('Runtime.getHeapUsage')
    stops.push({ cards, frames, scriptMb: usedSize / 2 ** 20, browserMb: embedderHeapUsedSize / 2 ** 20 })
  }
  await page.context().close()
  return stops
}

const getData = async <Data>(url: string): Promise<Data> => ((await (await fetch(url)).json()) as { data: Data }).data

async function waitForBuild(url: string): Promise<void> {
  while (!(await (await fetch(url)).text()).includes('/assets/')) await new Promise(resolve => setTimeout(resolve, 500))
}

/** The first headlines as plain HTML: what the network and the browser take by themselves. */
async function serveBarePage(productUrl: string) {
  const page = await getData<{ results: { title: string }[] }>(`${productUrl}/v1_0/articles?channel_id=0&timestamp=1&with_top=1`)
  const headlines = page.results.map(({ title }) => `<h2><a href="#">${title}</a></h2>`)
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><meta name="viewport" content="width=device-width"><div class="feed">${headlines.join('')}</div>`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() }
}
