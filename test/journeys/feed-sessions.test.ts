// Two devices of one reader scroll, refresh and retry while articles are published, hidden and marked, in every order that the
// generator finds. Each feed session shows every article once, and ends only then.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { HOUR } from '../../src/base/clock.ts'
import type { ArticleId, ChannelId } from '../../src/base/id.ts'
import { idsOf } from '../support/feed-pages.ts'
import { type Answer, type Person, type Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'

const RUNS = 3 // of each clock, some three seconds in all
const STEPS_MAX = 40
let product: Product
let refreshes = 0
let worlds = 0

before(async () => {
  product = await useSharedProduct()
})

const DEVICES = [0, 1] as const
const CLOCKS = {
  'the process remembers': Date.now() + HOUR, // a client's time that is not behind
  'the process reads anew': Date.now() - HOUR,
}
type Step =
  | { do: 'scroll' | 'retry' | 'refresh' | 'scroll twice at once'; device: 0 | 1 }
  | { do: 'open' | 'report' | 'hide' | 'dislike'; nth: number }
  | { do: 'publish'; count: number }

const device = fc.constantFrom(...DEVICES)
const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('scroll' as const), device }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('retry' as const, 'scroll twice at once' as const), device }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('refresh' as const), device }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('open' as const, 'report' as const), nth: fc.nat(99) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('hide' as const, 'dislike' as const), nth: fc.nat(99) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 12 }) }) },
  ),
  { maxLength: STEPS_MAX },
)

interface Session {
  cursor: number
  /** The request that was answered last. */
  answered?: { cursor: number; ids: bigint[] }
  shown: Set<bigint>
  /** While the session went on. */
  disliked: Set<bigint>
  hasEnded: boolean
}

interface World {
  clientClock: number
  reader: Person
  channel: ChannelId
  /** What the reader may see. */
  visible: Set<bigint>
  sessions: [Session, Session]
}

const newSession = (clientClock: number): Session => ({
  cursor: clientClock + refreshes++,
  shown: new Set(),
  disliked: new Set(),
  hasEnded: false,
})
const load = ({ reader, channel }: World, cursor: number): Promise<Answer> =>
  reader.get(`/app/v1_1/articles?channel_id=${channel}&timestamp=${cursor}&with_top=0`)

async function createWorld(articles: number, clientClock: number): Promise<World> {
  const reader = await product.signIn('reader', String(13_600_000_000 + worlds))
  const channel = await product.createChannel(`频道 ${worlds++}`)
  const visible = new Set<bigint>(articles > 0 ? await product.publish(Array.from({ length: articles }, () => ({ channel }))) : [])
  return { clientClock, reader, channel, visible, sessions: [newSession(clientClock), newSession(clientClock)] }
}

async function scroll(world: World, session: Session, requests = 1): Promise<void> {
  if (session.hasEnded) return
  const [answer, ...others] = await Promise.all(Array.from({ length: requests }, () => load(world, session.cursor)))
  assert.ok(answer?.status === 200)
  const ids = idsOf(answer)
  for (const other of others) assert.deepEqual(idsOf(other), ids, 'two requests for one page got different ones')
  for (const id of ids) {
    assert.ok(!session.shown.has(id), 'an article was shown twice')
    assert.ok(world.visible.has(id) || session.disliked.has(id), 'an article was shown that must not be')
    session.shown.add(id)
  }
  session.answered = { cursor: session.cursor, ids }
  const next = answer.body.data.pre_timestamp
  assert.equal(next === null, ids.length === 0)
  session.cursor = next
  if (next !== null) return
  session.hasEnded = true
  for (const id of world.visible) assert.ok(session.shown.has(id), 'the session ended before everything was shown')
}

/** A page that is asked for again is the same, without what was hidden since. */
async function retry(world: World, { answered, hasEnded }: Session): Promise<void> {
  if (!answered || hasEnded) return
  const left = answered.ids.filter(id => world.visible.has(id))
  const again = idsOf(await load(world, answered.cursor))
  if (left.length > 0)
    assert.deepEqual(
      again.filter(id => world.visible.has(id)),
      left,
    )
}

async function mark(world: World, step: { do: 'open' | 'report' | 'hide' | 'dislike'; nth: number }): Promise<void> {
  const id = [...world.visible].toSorted()[step.nth % world.visible.size]
  if (id === undefined) return
  const { reader } = world
  if (step.do === 'open') await reader.get(`/app/v1_0/articles/${id}`)
  if (step.do === 'report') {
    const event = { id: crypto.randomUUID(), action: 'exposure', article_id: String(id), at: new Date().toISOString() }
    assert.equal((await reader.post('/v1/behaviours', { events: [event] })).status, 202)
  }
  if (step.do === 'dislike') {
    assert.equal((await reader.post('/v1_0/article/dislikes', { target: String(id) })).status, 201)
    // Sessions that have begun may be a moment behind.
    for (const session of world.sessions) session.disliked.add(id)
    world.visible.delete(id)
  }
  if (step.do === 'hide') {
    await product.db
      .updateTable('article')
      .set({ status: 5 })
      .where('id', '=', id as ArticleId)
      .execute()
    world.visible.delete(id)
    await product.waitForCatalogue()
  }
}

async function take(world: World, step: Step): Promise<void> {
  if (step.do === 'publish') {
    const { channel } = world
    for (const id of await product.publish(Array.from({ length: step.count }, () => ({ channel })))) world.visible.add(id)
  } else if ('nth' in step) await mark(world, step)
  else if (step.do === 'refresh') world.sessions[step.device] = newSession(world.clientClock)
  else if (step.do === 'retry') await retry(world, world.sessions[step.device])
  else await scroll(world, world.sessions[step.device], step.do === 'scroll' ? 1 : 2)
}

for (const [who, clientClock] of Object.entries(CLOCKS))
  test(`each feed session of a reader whom ${who} shows every article once, whatever they and two devices do meanwhile`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 35 }), steps, async (articles, todo) => {
        const world = await createWorld(articles, clientClock)
        // Every other session begins when much has been seen.
        if (articles % 2 === 0) for (const session = newSession(clientClock); !session.hasEnded; ) await scroll(world, session)
        for (const step of todo) await take(world, step)
        for (const session of world.sessions) while (!session.hasEnded) await scroll(world, session)
      }),
      { numRuns: RUNS },
    )
  })
