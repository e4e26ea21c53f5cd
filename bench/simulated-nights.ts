// What the jobs of the night train in a simulated world, from the log of its own pages (src/recommend/nightly). A model that is accepted
// ranks from the next night on, as after its trial; meanwhile none is trained.

import { DAY, HOUR } from '../src/base/clock.ts'
import type { ArticleId } from '../src/base/id.ts'
import type { ArticleFacts } from '../src/recommend/catalogue/catalogue.ts'
import type { ReadersLike } from '../src/recommend/factors/readers-like.ts'
import type { ArticleFactors } from '../src/recommend/factors/reading-model.ts'
import { PAGE_DAYS } from '../src/recommend/feed-constants.ts'
import type { Learner } from '../src/recommend/learn/learner.ts'
import type { LogEntry } from '../src/recommend/learn/log-entry.ts'
import { chooseFactors } from '../src/recommend/nightly/article-factors.ts'
import { trainModel } from '../src/recommend/nightly/train-model.ts'
import type { TrainedModel } from '../src/recommend/nightly/trained-model.ts'

const TRAINS_AT = 4 * HOUR
const nightOf = (at: number) => Math.floor((at - TRAINS_AT) / DAY)

interface Needs {
  learner: Pick<Learner, 'useTrained'>
  readersLike: ReadersLike
  facts: () => ArticleFacts[]
}

export function createNights({ learner, readersLike, facts }: Needs) {
  const log: LogEntry[] = []
  let night: number | undefined
  let onTrial: TrainedModel | undefined
  let live: TrainedModel | undefined
  let liveFactors: ArticleFactors | undefined

  async function train(now: number): Promise<void> {
    const clicks = log.filter(entry => entry.kind === 'behaviour' && entry.pageId !== null && entry.at > now - PAGE_DAYS * DAY)
    if (clicks.length === 0) return
    const at = (share: number) => (clicks[Math.floor(clicks.length * share)] as LogEntry).at
    const parts = { clicks: clicks.length, heldOut: Math.floor(clicks.length / 5), stopFrom: at(0.6), heldOutFrom: at(0.8) }
    const { model, isAccepted, liveStays } = await trainModel({ entries: oneBatch(log), parts, facts: facts(), live })
    if (isAccepted) onTrial = model
    else if (!liveStays) use(undefined)
  }

  function use(model: TrainedModel | undefined): void {
    live = model
    learner.useTrained('live', model)
  }

  function trainFactors(): void {
    const clicks = new Map<string, { id: ArticleId; at: number }[]>()
    for (const entry of log)
      if (entry.kind === 'behaviour' && entry.viewer !== null) {
        const own = clicks.get(entry.viewer) ?? []
        own.unshift({ id: entry.articleId, at: entry.at })
        clicks.set(entry.viewer, own)
      }
    const all = [...clicks.values()].filter(own => own.length > 1)
    const times = all.map(own => own.map(({ at }) => at))
    const { factors, liveStays } = chooseFactors(
      all.map(own => own.map(({ id }) => id)),
      { live: liveFactors, times },
    )
    if (!factors && liveStays) return
    liveFactors = factors
    readersLike.use(factors)
  }

  return {
    add(entry: LogEntry): void {
      log.push(entry)
      if (entry.kind === 'behaviour' && entry.viewer !== null) readersLike.recordClick(entry.viewer, entry.articleId)
    },
    /** Trains if a night has come. */
    async reach(now: number): Promise<void> {
      const before = night
      night = nightOf(now)
      if (before === undefined || before === night) return
      if (onTrial) {
        use(onTrial)
        onTrial = undefined
      } else await train(now)
      trainFactors()
    },
  }
}

async function* oneBatch(entries: readonly LogEntry[]) {
  yield entries
}
