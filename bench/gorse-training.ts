// Gorse trains at intervals of its own. Here it is told to, and waited for: times of a simulation are not those of a clock.

import { get, post } from './gorse-server.ts'

const PATIENCE_MS = 3_600_000 // a search takes minutes on an idle core
const LOOK_MS = 200
/** What it does in one round, in this order; it answers from the new models after the third. */
const FIRST = 'Load Dataset'
const LAST = 'Collect Garbage in Cache'
const OPTIMIZES = ['Optimize Collaborative Filtering Model', 'Optimize Click-Through Rate Prediction Model']

interface Task {
  Name: string
  Status: string
  StartTime: string
}

// biome-ignore lint/suspicious/noExplicitAny: its configuration, of which little is known here
type Configuration = Record<'recommend', any>

/** A new configuration begins a round. `change` may change nothing. Returns after the round, with the search for parameters if it has one. */
export async function trainGorse(url: string, change: (recommend: Configuration['recommend']) => void = () => {}): Promise<void> {
  const config = await get<Configuration>(`${url}/api/dashboard/config`)
  change(config.recommend)
  const { collaborative, ranker } = config.recommend
  const isOptimized = (part: { optimize_period?: string }) => part.optimize_period !== undefined && !part.optimize_period.startsWith('0')
  const awaited = [
    FIRST,
    LAST,
    ...(isOptimized(collaborative) ? OPTIMIZES.slice(0, 1) : []),
    ...(isOptimized(ranker) && ranker.type === 'fm' ? OPTIMIZES.slice(1) : []),
  ]
  const began = Date.now()
  await post(`${url}/api/dashboard/config`, config)
  for (const giveUp = performance.now() + PATIENCE_MS; performance.now() < giveUp; ) {
    const tasks = await get<Task[]>(`${url}/api/dashboard/tasks`)
    const begun = tasks.filter(({ StartTime }) => Date.parse(StartTime) >= began)
    const failed = begun.find(({ Status }) => Status === 'Failed')
    if (failed) throw new Error(`its task "${failed.Name}" failed`)
    const ended = begun.filter(({ Status }) => Status === 'Complete')
    if (awaited.every(name => ended.some(task => task.Name === name))) return
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
  throw new Error('its round of training did not end')
}
