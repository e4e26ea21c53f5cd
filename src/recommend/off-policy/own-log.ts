// Reads the newest pages of this installation, with what was clicked on them, and tries a policy on them.

import type { ArticleId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { listPublishedFacts } from '../catalogue/catalogue.sql.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { readStoredPolicy } from '../policy/check-policy.ts'
import { findPolicies } from '../policy/policies.sql.ts'
import { completePolicy, DEFAULT_POLICY, type Policy, splitPolicyNumber } from '../policy/policy.ts'
import type { PolicyDocument } from '../policy/policy-schema.ts'
import { evaluatePolicy, type OffPolicyReport } from './evaluate-policy.ts'
import { type LoggedPage, toLoggedPage } from './logged-page.ts'
import { findPagesSince, listPageClicks, listSettledPages, type StoredPage } from './logged-pages.sql.ts'

/** Some 200 MB and ten seconds; an interval of ± 0.02 clicks a page, and of ± 0.005 for what is gained. */
const PAGES_MAX = 30_000
const CLICKS_MAX = 300_000
const BATCH = 1_000

export interface OwnLog {
  since: Date | undefined
  pages: LoggedPage[]
  /** Pages whose ranking is not stored: from before it was, or of what was shown again. */
  withoutRanking: number
  /** Clicks whose page is deleted, or of a viewer who is not known. */
  clicksWithoutPage: number
}

export async function readOwnLog(db: Db): Promise<OwnLog> {
  const since = await findPagesSince(db, PAGES_MAX)
  const log: OwnLog = { since, pages: [], withoutRanking: 0, clicksWithoutPage: 0 }
  if (!since) return log
  const clicked = new Map<PageId, Set<ArticleId>>()
  for (const { pageId, articleId } of await listPageClicks(db, since, CLICKS_MAX)) {
    const ofPage = clicked.get(pageId)
    if (ofPage) ofPage.add(articleId)
    else clicked.set(pageId, new Set([articleId]))
  }
  for (let after: StoredPage | undefined; ; ) {
    const batch = await listSettledPages(db, { since, after, limit: BATCH })
    for (const row of batch) {
      const page = toLoggedPage(row, clicked.get(row.id) ?? new Set())
      if (page) log.pages.push(page)
      else log.withoutRanking++
      clicked.delete(row.id)
    }
    after = batch.at(-1)
    if (!after) break
  }
  log.clicksWithoutPage = clicked.size
  return log
}

export async function findLoggedPolicies(db: Db, pages: readonly LoggedPage[]): Promise<Map<number, Policy>> {
  const versions = [...new Set(pages.map(({ policy }) => splitPolicyNumber(policy).version))]
  const policies = new Map(versions.includes(0) ? [[0, DEFAULT_POLICY]] : [])
  for (const { version, document } of await findPolicies(db, versions)) {
    try {
      policies.set(version, completePolicy(readStoredPolicy(document), version))
    } catch {
      // Of a build that knew other names: its pages are left out and counted.
    }
  }
  return policies
}

/** Authors and channels, for diversity. */
async function findFacts(db: Db, pages: readonly LoggedPage[]): Promise<Map<ArticleId, ArticleFacts>> {
  const ids = [...new Set(pages.flatMap(page => page.ids))]
  const facts = new Map<ArticleId, ArticleFacts>()
  for (let i = 0; i < ids.length; i += BATCH)
    for (const each of await listPublishedFacts(db, { ids: ids.slice(i, i + BATCH) })) facts.set(each.id, each)
  return facts
}

export interface TriedPolicy extends OffPolicyReport {
  since: Date | null
  without_ranking: number
  clicks_without_page: number
  /** What differs in the policy and is no part of the estimate. */
  not_estimated: string[]
}

/** What the document would have been worth on the log of the last days. */
export async function tryPolicy(db: Db, document: PolicyDocument, version = -1): Promise<TriedPolicy> {
  const other = completePolicy(document, version)
  const log = await readOwnLog(db)
  const policies = await findLoggedPolicies(db, log.pages)
  const facts = await findFacts(db, log.pages)
  const report = evaluatePolicy({ pages: log.pages, policyOf: one => policies.get(one), other, factsOf: id => facts.get(id) })
  const differs = (name: 'feedback' | 'leaderboards') =>
    [...policies.values()].some(policy => JSON.stringify(policy[name]) !== JSON.stringify(other[name]))
  return {
    ...report,
    since: log.since ?? null,
    without_ranking: log.withoutRanking,
    clicks_without_page: log.clicksWithoutPage,
    not_estimated: (['feedback', 'leaderboards'] as const).filter(differs),
  }
}
