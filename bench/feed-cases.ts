// The feed requests that `feed` and `growth` measure, each from many connections or, for refreshes, one after the other.

import { load, type Outcome, openClient } from './load.ts'

// A number of requests, not of seconds: in three seconds of a busy machine the code would still be that of an unwarmed process.
export const REQUESTS = 3_000
/** Of those that store nothing. They cost so little that with fewer the hundredths of a second of processor time would show. */
export const READS = 10_000
const SECONDS_MAX = 60
export const CONNECTIONS = 16
const CLICKS = 60 // of a viewer, each followed by a refresh, one at a time
const VIEWERS_CLICKING = 3 // so that the slowest of a hundred is not the slowest of all
const PAUSE_MS = 50
const VIEWERS_SCROLLING = CONNECTIONS * 12
/** Of a viewer who scrolls. The smallest world has no more; in a larger one it would be the viewer's history that grows. */
const PAGES_MAX = 60

export const feed = (cursor: string | number) => `/app/v1_1/articles?channel_id=0&with_top=0&timestamp=${cursor}`

export const all = (url: string, next: () => { path: string; headers?: string }) =>
  load({ url, connections: CONNECTIONS, seconds: SECONDS_MAX, requests: READS, next })

// Viewers of this run only: a world that is kept has those of the runs before, with all that they have seen.
const RUN = Math.floor(Date.now() / 1_000) % 1_000_000
let viewers = 0

/** Signs in a new reader. Returns the Authorization header. */
export async function signInReader(url: string): Promise<string> {
  const mobile = String(15_000_000_000 + RUN * 1_000 + viewers++)
  const answer = await fetch(`${url}/v1_0/authorizations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mobile, code: '246810' }),
  })
  const { data } = (await answer.json()) as { data: { token: string } }
  return `Authorization: Bearer ${data.token}\r\n`
}

export const newDevice = async () => `Authorization: Anony bench-${RUN}-${viewers++}\r\n`

/** Headers of new viewers, made before what is measured: a sign-in costs more than a page. */
export async function newViewers(url: string, newViewer: (url: string) => Promise<string>, count = VIEWERS_SCROLLING): Promise<string[]> {
  const headers: string[] = []
  while (headers.length < count) headers.push(...(await Promise.all(Array.from({ length: Math.min(8, count) }, () => newViewer(url)))))
  return headers
}

export async function readAgain(url: string, [headers]: readonly string[]): Promise<Outcome> {
  const now = Date.now() // the same number for minutes: further from the clock it would be a refresh every two seconds
  return all(url, () => ({ path: feed(now), headers }))
}

/** Gives each of new viewers a first page. Returns requests of viewers at random who read again the page they got. */
export async function firstPages(url: string, viewersCount: number): Promise<() => { path: string; headers: string }> {
  const viewers = await Promise.all(Array.from({ length: viewersCount }, newDevice))
  const path = feed(Date.now())
  let asked = 0
  await load({
    url,
    connections: CONNECTIONS,
    seconds: 60,
    next: () => (asked < viewersCount ? { path, headers: viewers[asked++] as string } : undefined),
  })
  return () => ({ path, headers: viewers[Math.floor(Math.random() * viewersCount)] as string })
}

/** The rate of the goal, so long that the slowest of a thousand requests are ten. */
export const OFFERED = { connections: CONNECTIONS * 6, seconds: 5, perSecond: 2_000 }
/** That nobody has to begin again from the start. */
export const VIEWERS_OFFERED = OFFERED.connections + Math.ceil((OFFERED.perSecond * (OFFERED.seconds + 1)) / PAGES_MAX)

/**
 * Each connection is a viewer who scrolls; after so many pages, or at the end of the feed, the next of `viewers` takes over. As fast as
 * they are answered, or at an `OFFERED` rate, by so many that most are answered long before their next page is due.
 */
export async function scroll(url: string, viewers: readonly string[], rate?: typeof OFFERED): Promise<Outcome> {
  const { connections } = rate ?? { connections: CONNECTIONS }
  const unusedHeaders = [...viewers]
  const headers = Array.from({ length: connections }, () => unusedHeaders.pop() as string)
  const pages = headers.map((_, i) => (rate ? Math.floor((i / connections) * PAGES_MAX) : 0)) // so that not all change at once
  return load({
    url,
    ...(rate ?? { connections, seconds: SECONDS_MAX, requests: REQUESTS }),
    next(connection, body) {
      const next = body && /"pre_timestamp":(\d+)/.exec(body.toString('latin1', 0, 80))?.[1]
      const place = (pages[connection] as number) + 1
      const cursor = place <= PAGES_MAX ? next : undefined
      pages[connection] = cursor ? place : 1
      if (body && !cursor) headers[connection] = unusedHeaders.pop() ?? (headers[connection] as string)
      return { path: feed(cursor ?? Date.now()), headers: headers[connection] }
    },
  })
}

/** Milliseconds of refreshes sent 50 ms after a click, so that each is ranked and stored. One at a time, on a connection of its own. */
export async function afterClicks(url: string, newViewer = signInReader): Promise<number[]> {
  const viewers = await newViewers(url, newViewer, VIEWERS_CLICKING)
  const client = await openClient(url)
  const times: number[] = []
  for (let i = 0; i < VIEWERS_CLICKING * CLICKS; i++) {
    const headers = viewers[Math.floor(i / CLICKS)]
    const { body } = await client.get(feed(Date.now()), headers)
    const id = /"art_id":(\d+)/.exec(body.toString('latin1'))?.[1]
    if (!id) break
    await client.get(`/app/v1_0/articles/${id}`, headers)
    await pause()
    times.push((await client.get(feed(Date.now()), headers)).ms)
  }
  client.close()
  return times
}

/** The same by a server that does nothing: what the client and an idle process that is woken take. */
export async function afterPauses(url: string): Promise<number[]> {
  const client = await openClient(url)
  const times: number[] = []
  for (let i = 0; i < CLICKS; i++) {
    await pause()
    times.push((await client.get('/')).ms)
  }
  client.close()
  return times
}

const pause = () => new Promise(resolve => setTimeout(resolve, PAUSE_MS))
