// The recommender's parts: in this process when it has the role, otherwise behind an address.

import { unavailable } from '../base/problem.ts'
import type { Task } from '../base/task.ts'
import { createCatalogue } from '../recommend/catalogue/catalogue.ts'
import { startFollower } from '../recommend/catalogue/follower.ts'
import type { Recommender } from '../recommend/contract.ts'
import type { Explain } from '../recommend/explain/explain.ts'
import { createFallback } from '../recommend/fallback.ts'
import { createRemoteRecommender } from '../recommend/grpc/client.ts'
import { createRankedBuffers } from '../recommend/pages/ranked-buffer.ts'
import { createRecommender } from '../recommend/recommender.ts'
import { createResilientRecommender } from '../recommend/resilient-recommender.ts'
import { createCovisits } from '../recommend/sources/covisits.ts'
import { createTokenSigner, type TokenSigner } from '../recommend/tracking-tokens.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface RecommenderParts {
  recommender: Recommender
  /** What the feed asks: the same, within a deadline and given a rest when it fails. */
  resilientRecommender: Recommender
  /** What stands in when that has no answer. */
  fallback: Recommender
  /** Undefined without the recommender in this process. */
  explain?: Explain
  tokenSigner: TokenSigner
  tasks: Task[]
  close(): Promise<void>
}

/**
 * How long a reader waits for a recommender elsewhere before something simpler is shown, and how many may wait: at 150 ms
 * each, 64 are 400 a second whose wait is spared the others.
 */
const REMOTE = { deadlineMs: 150, waitingMax: 64 }
/**
 * One in this process is slow only when everything is. A simpler page would come no sooner then, and it is not stored, so
 * asking for it again would bring another: waiting is better.
 */
const OWN = { deadlineMs: 5_000, waitingMax: 2_000 }
/** A process that only works in the background needs none; whoever serves readers is refused without (config.ts). */
const NONE = { recommend: () => Promise.reject(unavailable('this process has no recommender')), close() {} }
/** How long a change may go unnoticed when its wake was lost. */
const LOOK_MS = 500

export async function createRanking({ config, log, metrics, lags, database, newId, secrets }: Infrastructure): Promise<RecommenderParts> {
  const { db } = database
  const traces = createTokenSigner(secrets.traces)
  const fallback = createFallback({ db, clock: Date.now, traces })
  if (!config.roles.has('recommender')) {
    const { recommenderAddress: address } = config
    const remote = address ? createRemoteRecommender({ address, key: config.grpc.key, deadlineMs: REMOTE.deadlineMs }) : NONE
    return {
      recommender: remote,
      resilientRecommender: createResilientRecommender({ recommender: remote, ...REMOTE, log, metrics }),
      fallback,
      tokenSigner: traces,
      tasks: [],
      close: async () => remote.close(),
    }
  }
  const catalogue = createCatalogue(Date.now)
  const covisits = createCovisits()
  const remainders = createRankedBuffers(Date.now)
  const follower = await startFollower(db, { catalogue, covisits, remainders }, lags)
  metrics.gauge('catalogue_articles', 'Published articles the recommender knows', () => catalogue.size())
  const recommender = createRecommender({
    db,
    newId,
    clock: Date.now,
    random: Math.random,
    catalogue,
    covisits,
    remainders,
    traces,
    metrics,
    log: log.child({ part: 'recommender' }),
  })
  const tasks: Task[] = [
    { name: 'follow', role: 'recommender', intervalMs: LOOK_MS, notifications: ['change', 'behaviour'], run: () => follower.catchUp() },
  ]
  return {
    recommender,
    resilientRecommender: createResilientRecommender({ recommender, ...OWN, log, metrics }),
    fallback,
    explain: recommender.explain,
    tokenSigner: traces,
    tasks,
    close: async () => {},
  }
}
