// Builds of public clients, from the folder that TEST_CLIENTS names: one folder of static files each, built with no change but
// the base address, which is the page's own origin. The server serves a build by STATIC_DIR, as an operator would.

import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { NO_BROWSER } from '../browser/browser.ts'
import { type Product, startProduct } from '../support/product.ts'

/** The folder of a client's build, or the reason to skip its tests. */
function findClientBuild(client: string): { folder: string; skip: string | false } {
  const folder = join(process.env.TEST_CLIENTS ?? '', client)
  if (NO_BROWSER) return { folder, skip: NO_BROWSER }
  if (!process.env.TEST_CLIENTS) return { folder, skip: 'TEST_CLIENTS names no folder with builds of public clients' }
  return { folder, skip: existsSync(join(folder, 'index.html')) ? false : `TEST_CLIENTS has no build of ${client}` }
}

/** Runs a test with the product that serves a client's build in place of the web app, or skips it by name. */
export function testClient(
  client: string,
  name: string,
  run: (product: Product, t: TestContext) => Promise<void>,
  env: Record<string, string> = {},
): void {
  const { folder, skip } = findClientBuild(client)
  test(name, { skip }, async t => run(await startProduct({ env: { STATIC_DIR: folder, ...env } }), t))
}

/** A phone: these clients are made for nothing else. */
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

/** Some builds load their libraries from public servers: the folder `cdn` beside the builds has these files by name. */
export async function serveLibraries(page: Page): Promise<void> {
  const folder = join(process.env.TEST_CLIENTS ?? '', 'cdn')
  await page.route(/^https:/, route => {
    const path = join(folder, basename(new URL(route.request().url()).pathname))
    return existsSync(path) ? route.fulfill({ path }) : route.abort()
  })
}
