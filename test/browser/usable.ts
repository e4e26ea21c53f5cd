// Checks a screen: for people who see, hear or press differently, and on a small screen.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type BrowserPage, settle } from './browser.ts'

export const DESKTOP = { colorScheme: 'light', viewport: { width: 1280, height: 900 } } as const
export const PHONE = { colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const

let axe: Promise<string> | undefined

/** What such rules find is not asserted, and to look for it takes a sixth of the time. */
const WITHOUT_SMALL_FAULTS = `for (const rule of axe._audit.rules) if (['minor', 'moderate'].includes(rule.impact)) rule.enabled = false`

/** But for what turns until an answer comes. An animation that is taken away ends as well. */
const ANIMATIONS_END = `Promise.allSettled(document.getAnimations()
  .filter(animation => animation.effect.getComputedTiming().endTime !== Infinity)
  .map(animation => animation.finished))`

/**
 * Nothing that keeps someone out, and nothing wider than the screen. Main screens are checked in both themes and sizes. The others take
 * turns: all are made of the same parts.
 */
export async function assertUsable(
  page: BrowserPage,
  settings: readonly (typeof DESKTOP | typeof PHONE)[] = [DESKTOP, PHONE],
): Promise<void> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  // Half a megabyte to compile, once for each document.
  if (!(await page.evaluate('window.axe !== undefined'))) await page.evaluate(`${await axe}; ${WITHOUT_SMALL_FAULTS}`)
  const before = page.viewportSize()
  for (const { colorScheme, viewport } of settings) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    // A script may follow the new scheme one frame later, with a transition.
    await settle(page)
    await page.evaluate(ANIMATIONS_END)
    const violations = await page.evaluate<{ id: string; impact: string; nodes: { html: string }[] }[]>(
      // Without `preload`, which downloads every style sheet again.
      `axe.run({ resultTypes: ['violations'], preload: false }).then(found => found.violations)`,
    )
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    assert.deepEqual(
      serious.map(({ id, nodes }) => [id, nodes[0]?.html]),
      [],
      `${page.url()} ${colorScheme}`,
    )
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `${page.url()} is wider than the screen`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  if (before) await page.setViewportSize(before)
}
