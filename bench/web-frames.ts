// How much processor time script, style and layout take in each frame, from Chromium's trace. Unlike wall time it says the same on a busy
// machine.

import type { CDPSession } from 'playwright-core'

/** Milliseconds of processor time, of frames in which anything of it happened. */
export type FrameTimes = number[]

interface TraceEvent {
  name: string
  ph: string
  ts: number
  /** Of the thread's clock: when it began, and how long it took. */
  tts?: number
  tdur?: number
  pid: number
  tid: number
  args?: { data?: { type?: string } }
}

const WORK = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FunctionCall',
  'IntersectionObserverController::computeIntersections',
  'Layout',
  'MajorGC',
  'MinorGC',
  'RunMicrotasks',
  'TimerFire',
  'UpdateLayoutTree',
])

export const traceFrames = async (cdp: CDPSession, work: () => Promise<void>): Promise<FrameTimes> => timesOf(await trace(cdp, work))

/** Milliseconds of processor time from a click to the end of the frame that shows it: what INP is where nothing else runs. */
export async function traceClick(cdp: CDPSession, work: () => Promise<void>): Promise<number> {
  const events = (await trace(cdp, work)).filter(({ ph, tdur }) => ph === 'X' && tdur !== undefined)
  const click = events.find(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'click')
  if (!click) return 0
  const after = events
    .filter(({ pid, tid, ts }) => pid === click.pid && tid === click.tid && ts >= click.ts)
    .toSorted((a, b) => a.ts - b.ts || (b.tdur ?? 0) - (a.tdur ?? 0))
  const shown = after.find(({ name, tts = 0 }) => name === 'Layerize' && tts >= (click.tts ?? 0) + (click.tdur ?? 0))
  return busyTime(after.filter(({ ts }) => !shown || ts <= shown.ts)) / 1_000
}

/** Of events of one thread, in their order: what is inside another one counts once. */
function busyTime(events: TraceEvent[]): number {
  let [total, countedTo] = [0, 0]
  for (const { tts = 0, tdur = 0 } of events) {
    const own = tts + tdur - Math.max(tts, countedTo)
    if (own <= 0) continue
    countedTo = tts + tdur
    total += own
  }
  return total
}

async function trace(cdp: CDPSession, work: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]))
  cdp.on('Tracing.dataCollected', collect)
  const categories = 'devtools.timeline,disabled-by-default-devtools.timeline,disabled-by-default-devtools.timeline.frame,v8'
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', categories })
  await work()
  const complete = new Promise(resolve => cdp.once('Tracing.tracingComplete', resolve))
  await cdp.send('Tracing.end')
  await complete
  cdp.off('Tracing.dataCollected', collect)
  return events
}

function timesOf(events: TraceEvent[]): FrameTimes {
  const begins = events.filter(({ name }) => name === 'BeginMainThreadFrame')
  // The page's thread is the one with most frames; the browser's own pages have few.
  const byThread = Map.groupBy(begins, ({ pid, tid }) => `${pid}/${tid}`)
  const [thread, frames] = [...byThread].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? ['', []]
  const starts = frames.map(({ ts }) => ts).toSorted((a, b) => a - b)
  const work = events
    .filter(({ name, ph, pid, tid, tdur }) => ph === 'X' && tdur !== undefined && WORK.has(name) && `${pid}/${tid}` === thread)
    .toSorted((a, b) => a.ts - b.ts)
  const times = new Map<number, number>()
  let [frame, countedTo] = [0, 0]
  for (const { ts, tts = 0, tdur = 0 } of work) {
    while (frame + 1 < starts.length && (starts[frame + 1] as number) <= ts) frame++
    const own = tts + tdur - Math.max(tts, countedTo) // what is inside another event is counted with it
    if (own <= 0) continue
    countedTo = tts + tdur
    times.set(frame, (times.get(frame) ?? 0) + own / 1_000)
  }
  return [...times.values()]
}
