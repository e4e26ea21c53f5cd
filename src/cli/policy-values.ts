// What a policy would have been worth, as people read it.

import type { TriedPolicy } from '../recommend/off-policy/own-log.ts'
import { table } from './table.ts'

const ABOUT = {
  logged: 'what was served',
  dr: 'the policy: by its clicks, and by a model where there are none',
  snips: 'the policy: by its clicks; what was not shown is taken to be like the rest',
  ips: 'the policy: by its clicks alone, too low where it was not shown',
  gain: 'dr over logged',
}

export function describeTried(tried: TriedPolicy): string {
  const { refused, values, since, pages, viewers, clicks, left_out, without_ranking, support, effective_pages, not_estimated } = tried
  const leftOut = Object.entries({ ...left_out, 'without their ranking': without_ranking }).filter(([, count]) => count > 0)
  const lines = [
    `${pages} pages of ${viewers} viewers, ${clicks} clicks${since ? `, since ${since.toISOString()}` : ''}`,
    ...(leftOut.length > 0 ? [`left out: ${leftOut.map(([why, count]) => `${count} pages ${why}`).join(', ')}`] : []),
    ...(support === undefined ? [] : [`the log could have shown ${(100 * support).toFixed(1)} % of what the policy would`]),
    ...(effective_pages === undefined ? [] : [`it says as much as ${effective_pages} pages of the policy’s own would`]),
    ...not_estimated.map(what => `the policy’s ${what} are other ones: the estimate does not know what they change`),
    ...(refused === undefined ? [] : [`no estimate: ${refused}`]),
  ]
  const rows = (Object.keys(ABOUT) as (keyof typeof ABOUT)[]).map(name => [
    name,
    values?.[name].value.toFixed(4) ?? '',
    values?.[name].ci95.map(bound => bound.toFixed(4)).join(' … ') ?? '',
    ABOUT[name],
  ])
  return `${lines.join('\n')}\n${values ? table(['', 'clicks a page', '95 %', ''], rows) : ''}`
}
