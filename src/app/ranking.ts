// The recommender of this process: its own if it has the role, otherwise a client of RECOMMENDER_ADDRESS.

import { join } from 'node:path'
import { unavailable } from '../base/problem.ts'
import { FOLLOW_LOG, type Task } from '../base/task.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { createCatalogue } from '../recommend/catalogue/catalogue.ts'
import { createSnapshotFile } from '../recommend/catalogue/catalogue-snapshot.ts'
import { startCatalogueConsumer } from '../recommend/catalogue/consumer.ts'
import type { Recommender } from '../recommend/contract.ts'
import { createAssignedViewers } from '../recommend/experiments/assigned-viewers.ts'
import { createExperimentJob } from '../recommend/experiments/follow-job.ts'
import type { Explain } from '../recommend/explain/explain.ts'
import { createReadersLike } from '../recommend/factors/readers-like.ts'
import { createFallback } from '../recommend/fallback.ts'
import { createRemoteRecommender } from '../recommend/grpc/client.ts'
import { forKnownReaders } from '../recommend/grpc/known-readers.ts'
import { createFollower } from '../recommend/learn/follower.ts'
import { createLearner } from '../recommend/learn/learner.ts'
import { createLiveModel } from '../recommend/nightly/live-model.ts'
import { createTrainingJobs } from '../recommend/nightly/training-job.ts'
import { listPinned } from '../recommend/pages/pinned.sql.ts'
import { createRankedBuffers } from '../recommend/pages/ranked-buffer.ts'
import { createLeaderboards } from '../recommend/policy/leaderboards.ts'
import { createPolicies } from '../recommend/policy/policies.ts'
import { createRecentViewers } from '../recommend/recent-viewers.ts'
import { createRecommender } from '../recommend/recommender.ts'
import { createResilientRecommender, LOCAL_LIMITS, REMOTE_LIMITS } from '../recommend/resilient-recommender.ts'
import { createCovisits } from '../recommend/sources/covisits.ts'
import { createTokenSigner, type TokenSigner } from '../recommend/tracking-tokens.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface RecommenderParts {
  /** For the gRPC server. */
  recommender: Recommender
  /** For the feed: the same with a deadline and a circuit breaker. */
  resilientRecommender: Recommender
  /** For the feed when the recommender has no answer. */
  fallback: Recommender
  /** Undefined if the recommender is in another process. */
  explain?: Explain
  tokenSigner: TokenSigner
  tasks: Task[]
  module: FeatureModule
  /** Ends a task that is under way early. */
  stop(): void
  close(): Promise<void>
}

/** For a process that serves no readers; config.ts refuses the role `api` without a recommender. */
const NO_RECOMMENDER = { recommend: () => Promise.reject(unavailable('this process has no recommender')), close() {} }

export async function createRanking(infrastructure: Infrastructure): Promise<RecommenderParts> {
  const { config, log, metrics, database, secrets } = infrastructure
  const tokenSigner = createTokenSigner(secrets.traces)
  const { databaseUrl } = infrastructure
  const training = createTrainingJobs({ databaseUrl, metrics })
  const module = { jobs: [training.trees, training.factors, createExperimentJob({ db: database.db, metrics })] }
  const shared = { fallback: createFallback({ db: database.db, clock: Date.now, tokenSigner }), tokenSigner, module }
  if (config.roles.has('recommender')) return { ...shared, ...(await createLocalRecommender(infrastructure, tokenSigner)) }
  const { recommenderAddress: address } = config
  const remote = address ? createRemoteRecommender({ address, key: config.grpc.key, deadlineMs: REMOTE_LIMITS.deadlineMs }) : NO_RECOMMENDER
  return {
    ...shared,
    recommender: remote,
    resilientRecommender: createResilientRecommender({ recommender: remote, ...REMOTE_LIMITS, log, metrics }),
    tasks: [],
    stop() {},
    close: async () => remote.close(),
  }
}

/** Any number: it decides where the factors of readers begin, and with it the same log gives the same model. */
const LEARNER_SEED = 1
/** A model is trained once a day. */
const LOAD_MODEL_MS = 60_000
/** The change log tells of pins at once, but not while a writing transaction stays open. They are a few rows. */
const READ_PINNED_MS = 2_000
/** Counts move, and articles age; a minute is nothing to either. */
const RANK_LEADERBOARDS_MS = 60_000
/** How the rankings of an experiment went is added to the rows so often; that it starts or ends, the change log says. */
const FOLLOW_EXPERIMENT_MS = 10_000

async function createLocalRecommender({ config, log, metrics, lags, database: { db }, newId }: Infrastructure, tokenSigner: TokenSigner) {
  const catalogue = createCatalogue(Date.now)
  const covisits = createCovisits()
  const rankedBuffers = createRankedBuffers(Date.now)
  const recentViewers = createRecentViewers(Date.now)
  const assignedViewers = createAssignedViewers(db)
  const policies = createPolicies({ db, log: log.child({ part: 'recommender' }), assignedViewers })
  const leaderboards = createLeaderboards({ db, policies })
  const learner = createLearner({ seed: LEARNER_SEED, findArticle: catalogue.get })
  const readersLike = createReadersLike()
  const liveModel = createLiveModel({ db, learner, readersLike, log: log.child({ part: 'learner' }), metrics })
  /** What the change log tells of: a policy is used, an experiment starts or ends, and with it a model on trial. */
  const followed = {
    live: policies.live,
    async load() {
      await policies.load()
      await leaderboards.load()
      await liveModel.loadModels()
    },
  }
  const memory = { catalogue, covisits, rankedBuffers, recentViewers, policies: followed, readersLike }
  const catalogueFile = join(config.dataDir, 'model', 'catalogue')
  const snapshots = createSnapshotFile({ file: catalogueFile, clock: Date.now, feedback: () => policies.live().feedback })
  const consumer = await startCatalogueConsumer(db, memory, { lags, snapshots })
  const modelFile = join(config.dataDir, 'model', 'snapshot')
  const follower = createFollower({ db, learner, file: modelFile, log: log.child({ part: 'learner' }), metrics })
  metrics.gauge('catalogue_articles', 'Published articles the recommender knows', () => catalogue.size())
  const recommender = createRecommender({
    db,
    newId,
    clock: Date.now,
    random: Math.random,
    catalogue,
    covisits,
    readersLike,
    learner,
    rankedBuffers,
    recentViewers,
    policies,
    leaderboards,
    assignedViewers,
    tokenSigner,
    metrics,
    log: log.child({ part: 'recommender' }),
  })
  async function follow(): Promise<void> {
    await consumer.catchUp()
    void recommender.rankForLastClicked() // the next change is not kept waiting
  }
  /** First what ranks: it does not depend on whether what was noted can be written. */
  async function followExperiment(): Promise<void> {
    await policies.load()
    await assignedViewers.flush()
  }
  const tasks: Task[] = [
    { name: 'rank-leaderboards', role: 'recommender', intervalMs: RANK_LEADERBOARDS_MS, run: leaderboards.load },
    { name: 'follow', role: 'recommender', ...FOLLOW_LOG, notifications: ['change', 'behaviour'], run: follow },
    { name: 'read-pinned', role: 'recommender', intervalMs: READ_PINNED_MS, run: async () => catalogue.setPinned(await listPinned(db)) },
    { name: 'follow-experiment', role: 'recommender', intervalMs: FOLLOW_EXPERIMENT_MS, run: followExperiment },
    { name: 'load-model', role: 'recommender', intervalMs: LOAD_MODEL_MS, run: liveModel.load },
    { name: 'learn', role: 'recommender', ...FOLLOW_LOG, notifications: ['behaviour'], run: follower.catchUp },
  ]
  return {
    recommender: forKnownReaders(recommender, db),
    resilientRecommender: createResilientRecommender({ recommender, ...LOCAL_LIMITS, log, metrics }),
    explain: recommender.explain,
    tasks,
    stop: follower.stop,
    async close() {
      await follower.close()
      // Without it the next start takes longer, and nothing else.
      await consumer.close().catch(err => log.warn({ err: err.message }, 'the catalogue could not be written'))
    },
  }
}
