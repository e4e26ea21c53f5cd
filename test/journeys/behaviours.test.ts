// Batches of behaviours, and traces that are forged, foreign, expired or damaged.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId, PageId } from '../../src/base/id.ts'
import { createTokenSigner, type Placement } from '../../src/recommend/tracking-tokens.ts'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { type Answer, type Person, type Product, SETTING, startProduct } from '../support/product.ts'
import { eventually, pause } from '../support/waiting.ts'

const TRACE_KEY = 'the key of this installation, 32 or more'
const NOW = AN_HOUR_AGO
const DAY = 86_400_000
const traces = createTokenSigner(TRACE_KEY)
let product: Product
let tech: number
let articles: ArticleId[]
let mobile = 13_900_000_000
let unique = 0

before(async () => {
  product = await startProduct({ env: { TRACE_KEY } })
  tech = await product.createChannel('科技')
  articles = await product.publish(Array.from({ length: 60 }, (_, i) => ({ channel: tech, ageSeconds: i * 60 + 1 })))
})

const signInNewReader = () => product.signIn('someone', String(mobile++))
const feed = (stamp: number) => `/app/v1_1/articles?channel_id=${tech}&timestamp=${stamp}&with_top=0`
const idsOf = (answer: Answer): bigint[] => answer.body.data.results.map((one: { art_id: bigint }) => one.art_id)
const event = (more: object) => ({ id: `event-${unique++}`, action: 'click', at: Date.now(), ...more })
const send = async (who: { post: Person['post'] }, ...events: unknown[]) => {
  const answer = await who.post('/v1/behaviours', { events })
  assert.equal(answer.status, 202, answer.text)
  return answer.body.data
}
const rowsOf = (viewer: string) =>
  product.db.selectFrom('behaviour').selectAll().where('viewer', '=', viewer).orderBy('position').orderBy('article_id').execute()
const device = (id: string) => ({
  post: (path: string, json?: unknown) => product.request('POST', path, json, { headers: { authorization: `Anony ${id}` } }),
})
const anonymous = { post: (path: string, json?: unknown) => product.request('POST', path, json) }

test('a batch is written before it is answered, and once however often it is sent', async () => {
  const reader = await signInNewReader()
  const { results } = (await reader.get(feed(NOW))).body.data
  const batch = [
    event({ article_id: String(results[0].art_id), trace: results[0].trace.click }),
    event({ action: 'read', article_id: results[1].art_id, dwell_ms: 12_000 }),
    event({ action: 'share', article_id: results[2].art_id, at: new Date().toISOString() }),
  ]
  assert.deepEqual(await send(reader, ...batch), { accepted: 3, repeated: 0, refused: [], untraced: [] })
  assert.equal((await rowsOf(`r${reader.id}`)).length, 3)
  const again = await Promise.all(Array.from({ length: 5 }, () => send(reader, ...batch, ...batch)))
  for (const one of again) assert.deepEqual(one, { accepted: 0, repeated: 6, refused: [], untraced: [] })
  const rows = await rowsOf(`r${reader.id}`)
  const page = await product.db.selectFrom('page').select('id').where('viewer', '=', `r${reader.id}`).executeTakeFirstOrThrow()
  assert.deepEqual(
    rows.map(({ action, page_id, position, dwell_ms }) => [action, page_id, position, dwell_ms]),
    [
      ['click', page.id, 0, null],
      ['read', page.id, 1, 12_000],
      ['share', page.id, 2, null],
    ],
  )
})

test('a batch sent twice at the same moment is written once', async () => {
  const reader = await signInNewReader()
  const batch = articles.slice(0, 50).map(article_id => event({ article_id }))
  const both = await Promise.all([send(reader, ...batch), send(reader, ...batch.toReversed())])
  assert.equal(both[0].accepted + both[1].accepted, 50)
  assert.equal(both[0].repeated + both[1].repeated, 50)
  assert.equal((await rowsOf(`r${reader.id}`)).length, 50)
})

test('batches of many viewers at the same moment are each answered with their own outcomes', async () => {
  const readers = await Promise.all(Array.from({ length: 6 }, signInNewReader))
  // The first reader sends one event, the second two, …; every batch ends with an event that is refused and one that is repeated.
  const batches = readers.map((_, i) => {
    const known = articles.slice(0, i + 1).map(article_id => event({ article_id }))
    return [...known, event({ article_id: '7' }), ...known.slice(-1)]
  })
  const answers = await Promise.all(readers.map((reader, i) => send(reader, ...(batches[i] as object[]))))
  for (const [i, reader] of readers.entries()) {
    const { refused, ...counts } = answers[i]
    assert.deepEqual(counts, { accepted: i + 1, repeated: 1, untraced: [] })
    assert.deepEqual(
      refused.map((one: { index: number }) => one.index),
      [i + 1],
    )
    assert.equal((await rowsOf(`r${reader.id}`)).length, i + 1)
    assert.equal((await reader.get('/app/v1_0/user/histories')).body.data.total_count, i + 1)
  }
})

test('a viewer whose events wait for a lock, or cannot be written, keeps those of others neither waiting nor from being written', async () => {
  const [locked, alsoLocked, bad, good] = await Promise.all(Array.from({ length: 4 }, signInNewReader))
  const sendClick = (reader: Person) => reader.post('/v1/behaviours', { events: [event({ article_id: articles[0] })] })
  await sql`create function refuse_behaviour() returns trigger language plpgsql as 'begin raise exception ''refused''; end'`.execute(
    product.db,
  )
  await sql`create trigger refuse_one before insert on behaviour for each row
              when (new.viewer = ${sql.lit(`r${bad?.id}`)}) execute function refuse_behaviour()`.execute(product.db)
  const waitForLocks = (count: number) =>
    eventually(
      async () =>
        (await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(product.db)).rows
          .length,
      waiting => waiting >= count,
    )
  const answers: Promise<Answer>[] = []
  await product.db.transaction().execute(async tx => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
    await sql`select from reader where id in (${locked?.id}, ${alsoLocked?.id}) for update`.execute(tx)
    answers.push(sendClick(locked as Person))
    await waitForLocks(1)
    assert.equal((await sendClick(good as Person)).body.data.accepted, 1)
    answers.push(sendClick(alsoLocked as Person))
    await waitForLocks(2)
    answers.push(sendClick(bad as Person), sendClick(good as Person)) // share the next statement
    await product.request('GET', '/readyz')
  })
  const [first, second, refused, shared] = await Promise.all(answers)
  await sql`drop function refuse_behaviour cascade`.execute(product.db)
  assert.deepEqual([first?.body.data.accepted, second?.body.data.accepted, refused?.status, shared?.body.data.repeated], [1, 1, 500, 1])
})

test('a click that arrives twice, by opening the article and in a batch, counts once', async () => {
  const reader = await signInNewReader()
  const [card] = (await reader.get(feed(NOW))).body.data.results
  await reader.get(`/app/v1_0/articles/${card.art_id}`, { headers: { trace: card.trace.click } })
  await product.waitForBehaviours(`r${reader.id}`, 1)
  const { repeated } = await send(reader, event({ article_id: card.art_id, trace: card.trace.click }))
  assert.equal(repeated, 1)
  assert.equal((await rowsOf(`r${reader.id}`)).length, 1)
})

test('a reader whose client reports a click, sees its effect on the next page and in the history', async () => {
  const reader = await signInNewReader()
  const first = idsOf(await reader.get(feed(NOW)))
  await send(reader, event({ article_id: first[3] }))
  const { results } = (await reader.get('/app/v1_0/user/histories')).body.data
  assert.deepEqual(
    results.map((one: { art_id: bigint }) => one.art_id),
    [first[3]],
  )
  const shown = new Set<bigint>()
  for (let refresh = 1; refresh <= 8; refresh++) for (const id of idsOf(await reader.get(feed(NOW + refresh)))) shown.add(id)
  assert.ok(!shown.has(first[3] as bigint))
})

test('exposed articles count as seen: those of a whole page by its trace, or those of a list', async () => {
  const reader = await signInNewReader()
  await reader.get(feed(NOW))
  const page = await product.db.selectFrom('page').selectAll().where('viewer', '=', `r${reader.id}`).executeTakeFirstOrThrow()
  const sign = traces.forPage({
    pageId: page.id as PageId,
    channelId: tech,
    policy: 1,
    viewerKey: `r${reader.id}`,
    issuedAt: page.made_at.getTime(),
  })
  const listed = articles.filter(id => !page.article_ids.includes(id)).slice(0, 5)
  const whole = event({ action: 'exposure', trace: sign.exposureToken })
  const result = await send(
    reader,
    whole,
    event({ action: 'exposure', article_ids: listed }),
    event({ action: 'exposure', article_id: listed[0] }),
  )
  assert.deepEqual(result, { accepted: 3, repeated: 0, refused: [], untraced: [] })
  assert.deepEqual(await send(reader, { ...whole, id: 'another' }), { accepted: 0, repeated: 1, refused: [], untraced: [] })
  const rows = await rowsOf(`r${reader.id}`)
  assert.deepEqual(
    rows.filter(row => row.page_id === page.id).map(row => row.article_id),
    page.article_ids,
  )
  const shown = new Set<bigint>()
  for (let refresh = 1; refresh <= 8; refresh++) for (const id of idsOf(await reader.get(feed(NOW + refresh)))) shown.add(id)
  for (const id of [...page.article_ids, ...listed]) assert.ok(!shown.has(id))
  assert.equal(shown.size, 45)
})

test('the pages that the traces of a batch name are read in one query', async () => {
  const reader = await signInNewReader()
  for (let i = 0; i < 4; i++) await reader.get(feed(NOW + i))
  const pages = await product.db.selectFrom('page').selectAll().where('viewer', '=', `r${reader.id}`).execute()
  const exposures = pages.map(page =>
    event({
      action: 'exposure',
      trace: traces.forPage({
        pageId: page.id as PageId,
        channelId: tech,
        policy: 1,
        viewerKey: `r${reader.id}`,
        issuedAt: page.made_at.getTime(),
      }).exposureToken,
    }),
  )
  const looked = async () =>
    Number(/^db_queries_total\{name="select page"\} (\d+)$/m.exec((await product.request('GET', '/metrics')).text)?.[1] ?? 0)
  const before = await looked()
  assert.equal((await send(reader, ...exposures)).accepted, 4)
  if (SETTING === 'embedded') assert.equal(await looked(), before + 1)
  assert.equal((await rowsOf(`r${reader.id}`)).length, 40)
})

test('each refused event is listed with a reason, and the others are accepted', async () => {
  const reader = await signInNewReader()
  const [article_id] = articles
  const bad: [unknown, RegExp][] = [
    [null, /object/],
    ['click', /object/],
    [event({ id: undefined, article_id }), /^id must/],
    [event({ id: 'x'.repeat(65), article_id }), /^id must/],
    [event({ id: 7, article_id }), /^id must/],
    [event({ id: 'nul\0', article_id }), /^id must/],
    [event({ action: 'stare', article_id }), /^action must/],
    [event({}), /^article_id is required/],
    [event({ article_id: 'abc' }), /^article_id must/],
    [event({ article_id: 5 }), /no such article/],
    [event({ article_id: 9_223_372_036_854_775_807n }), /no such article/],
    [event({ article_id, at: undefined }), /^at must/],
    [event({ article_id, at: 0 }), /^at must/],
    [event({ article_id, at: -1 }), /^at must/],
    [event({ article_id, at: 'abc' }), /^at must/],
    [event({ article_id, at: '2026-01-31T08:00:00' }), /^at must/],
    [event({ article_id, at: Date.now() - 8 * DAY }), /seven days/],
    [event({ article_id, dwell_ms: -1 }), /^dwell_ms/],
    [event({ article_id, dwell_ms: 'long' }), /^dwell_ms/],
    [event({ article_id, trace: 7 }), /^trace must/],
    [event({ article_id, trace: 'x'.repeat(2_000) }), /^trace must/],
    [event({ article_ids: [article_id] }), /for exposures/],
    [event({ action: 'exposure' }), /^article_id is required/],
    [event({ action: 'exposure', article_ids: [] }), /^article_ids must/],
    [event({ action: 'exposure', trace: 'e'.repeat(65) }), /not that of a page of yours/],
  ]
  const { results } = (await reader.get(feed(NOW))).body.data
  const { art_id, trace } = results.find((card: { art_id: bigint }) => card.art_id !== article_id) // a second reading of one article is repeated
  const result = await send(
    reader,
    ...bad.map(([one]) => one),
    event({ article_id, at: 1e30 }),
    event({ action: 'read', article_id, dwell_ms: 1e12 }),
    // The browser's clock, from which the longest possible stay is computed.
    event({ action: 'read', article_id: art_id, trace: trace.read, dwell_ms: 1e12 / 3, at: Date.now() - 1 / 3 }),
  )
  assert.equal(result.accepted, 3)
  assert.deepEqual(
    result.refused.map((one: { index: number }) => one.index),
    bad.map((_, i) => i),
  )
  for (const [i, [, why]] of bad.entries()) assert.match(result.refused[i].reason, why)
  const rows = await rowsOf(`r${reader.id}`)
  for (const row of rows) assert.ok(row.at.getTime() <= Date.now(), 'no behaviour is dated in the future')
  assert.equal(Math.max(...rows.map(row => row.dwell_ms ?? 0)), 3_600_000)
  const refused = await eventually(
    () => product.db.selectFrom('behaviour_refused').select(['rule', 'reason']).where('viewer', '=', `r${reader.id}`).execute(),
    kept => kept.length >= bad.length,
  )
  assert.deepEqual(refused.map(({ reason }) => reason).toSorted(), result.refused.map((one: { reason: string }) => one.reason).toSorted())
  assert.deepEqual([...new Set(refused.map(({ rule }) => rule))].toSorted(), ['invalid', 'no_article', 'no_page'])
})

test('a batch of more than a hundred events, or a body that is no batch, is refused as a whole', async () => {
  const reader = await signInNewReader()
  const hundred = Array.from({ length: 100 }, (_, i) => event({ action: i < 60 ? 'click' : 'share', article_id: articles[i % 60] }))
  assert.equal((await send(reader, ...hundred)).accepted, 100)
  for (const body of [{ events: [...hundred, event({})] }, {}, { events: 'all' }, [], null]) {
    const answer = await reader.post('/v1/behaviours', body)
    assert.equal(answer.status, 400)
    assert.deepEqual([answer.body.code, answer.body.request_id], ['invalid', answer.headers.get('x-request-id')])
  }
  assert.deepEqual(await send(reader), { accepted: 0, repeated: 0, refused: [], untraced: [] })
})

test('one request writes at most a thousand behaviours', async () => {
  const reader = await signInNewReader()
  const lists = Array.from({ length: 30 }, () => event({ action: 'exposure', article_ids: articles }))
  const result = await send(reader, ...lists)
  assert.equal(result.accepted, 16)
  assert.match(result.refused[0].reason, /too many articles/)
})

test("mallory, who sends events with the ids of alice's events, does not keep alice's from counting", async () => {
  const [mallory, alice] = [await signInNewReader(), await signInNewReader()]
  const stolen = event({ article_id: articles[0] })
  assert.equal((await send(mallory, stolen)).accepted, 1)
  assert.equal((await send(alice, stolen)).accepted, 1)
})

test('events of a device are stored with its id; events of anonymous viewers count, without a viewer', async () => {
  const [article_id] = articles
  assert.equal((await send(device('phone-1'), event({ article_id }), event({ action: 'exposure', article_id }))).accepted, 2)
  assert.equal((await rowsOf('dphone-1')).length, 2)
  const own = (more: object) => event({ id: randomUUID(), article_id, ...more })
  const result = await send(anonymous, own({}), own({ action: 'exposure' }), own({ action: 'like' }))
  assert.equal(result.accepted, 1)
  assert.deepEqual(
    result.refused.map((one: { index: number }) => one.index),
    [1, 2],
  )
  const share = own({ action: 'share', id: randomUUID().toUpperCase() })
  const [taken, guessed] = [await send(anonymous, share), await send(anonymous, event({ article_id }))]
  assert.equal(taken.accepted, 1)
  assert.match(guessed.refused[0].reason, /^id must be a UUID/)
  assert.equal((await product.request('POST', '/v1/behaviours', { events: [] }, { headers: { authorization: 'Bearer bad' } })).status, 401)
})

// Bad traces, sent as the header of an opened article and in a batch. Neither click may be attributed to a page.

const strange: Record<string, (place: Placement & { pageId: PageId; viewer: string; other: string }) => string> = {
  forged: ({ pageId, viewer, ...place }) =>
    createTokenSigner('another key, of a forger')
      .forPage({ pageId, channelId: tech, policy: 1, viewerKey: viewer, issuedAt: Date.now() })
      .tokensFor(place).click,
  'of another reader': ({ pageId, other, ...place }) =>
    traces.forPage({ pageId, channelId: tech, policy: 1, viewerKey: other, issuedAt: Date.now() }).tokensFor(place).click,
  'of another article': ({ pageId, viewer, ...place }) =>
    traces
      .forPage({ pageId, channelId: tech, policy: 1, viewerKey: viewer, issuedAt: Date.now() })
      .tokensFor({ ...place, articleId: articles[59] as ArticleId }).click,
  expired: ({ pageId, viewer, ...place }) =>
    traces.forPage({ pageId, channelId: tech, policy: 1, viewerKey: viewer, issuedAt: Date.now() - 3 * DAY }).tokensFor(place).click,
  'cut short': ({ pageId, viewer, ...place }) =>
    traces.forPage({ pageId, channelId: tech, policy: 1, viewerKey: viewer, issuedAt: Date.now() }).tokensFor(place).click.slice(0, -1),
  'spelt differently': ({ pageId, viewer, ...place }) =>
    `${traces.forPage({ pageId, channelId: tech, policy: 1, viewerKey: viewer, issuedAt: Date.now() }).tokensFor(place).click}=`,
  'of another action': ({ pageId, viewer, ...place }) =>
    traces.forPage({ pageId, channelId: tech, policy: 1, viewerKey: viewer, issuedAt: Date.now() }).tokensFor(place).read,
  'of another recommender': () => '{"action":"click","userId":"1","articleId":"2","algorithmCombine":"C2"}',
}
for (const [what, make] of Object.entries(strange))
  test(`a click whose trace is ${what} counts, but is attributed to no page`, async () => {
    const [opening, telling, other] = [await signInNewReader(), await signInNewReader(), await signInNewReader()]
    const traceFor = async (reader: Person) => {
      const [articleId] = idsOf(await reader.get(feed(NOW))) as [ArticleId]
      const page = await product.db.selectFrom('page').select('id').where('viewer', '=', `r${reader.id}`).executeTakeFirstOrThrow()
      const place = { articleId, position: 0, source: 1, propensity: 1 }
      return { articleId, trace: make({ ...place, pageId: page.id as PageId, viewer: `r${reader.id}`, other: `r${other.id}` }) }
    }
    const opened = await traceFor(opening)
    const headers = { trace: opened.trace }
    for (let i = 0; i < 2; i++) assert.equal((await opening.get(`/app/v1_0/articles/${opened.articleId}`, { headers })).status, 200)
    const result = await traceFor(telling)
    const one = event({ article_id: result.articleId, trace: result.trace })
    const taken = await send(telling, one)
    assert.deepEqual([taken.accepted, taken.untraced], [1, [one.id]])
    await Promise.all([opening, telling].map(reader => product.waitForBehaviours(`r${reader.id}`, 1)))
    await pause(100) // in case one row too many is still being written
    const rows = await Promise.all([opening, telling].map(reader => rowsOf(`r${reader.id}`)))
    for (const row of rows.flat()) assert.deepEqual([row.page_id, row.position], [null, null])
    assert.deepEqual(
      rows.map(own => own.length),
      [1, 1],
    )
  })

test('a trace that arrives ten times, on any path, counts once', async () => {
  const reader = await signInNewReader()
  const [card] = (await reader.get(feed(NOW))).body.data.results
  for (let i = 0; i < 5; i++) {
    await reader.get(`/app/v1_0/articles/${card.art_id}`, { headers: { trace: card.trace.click } })
    await send(reader, event({ article_id: card.art_id, trace: card.trace.click }))
  }
  await product.waitForBehaviours(`r${reader.id}`, 1)
  await pause(100) // in case one row too many is still being written
  assert.equal((await rowsOf(`r${reader.id}`)).length, 1)
})

test('none of ten thousand changed traces is accepted as ours', () => {
  const own = traces.forPage({ pageId: 5n as PageId, channelId: tech, policy: 1, viewerKey: 'r5', issuedAt: NOW })
  const { click } = own.tokensFor({ articleId: articles[0] as ArticleId, position: 0, source: 1, propensity: 1 })
  const bytes = Buffer.from(click.slice(1), 'base64url')
  let tried = 0
  for (let at = 0; at < bytes.length; at++)
    for (let flip = 1; flip < 256; flip++, tried++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ flip
      assert.equal(traces.verify(`c${changed.toString('base64url')}`, 'r5'), undefined, `byte ${at} by ${flip}`)
    }
  assert.ok(tried > 10_000)
})
