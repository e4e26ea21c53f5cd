// Which articles a reader meets where: every surface against everything that hides an article. docs/visibility.md has the table.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId, ReaderId } from '../../src/base/id.ts'
import { editorOf } from '../support/editor.ts'
import { connectGrpcPeer } from '../support/grpc-peer.ts'
import { type Answer, type Person, type Product, SETTING } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let alice: Person
let channel: number
/** The article on whose page the others may be related. */
let open: ArticleId
let cursor = 1_700_000_000_000

interface Case {
  article: ArticleId
  author: ReaderId
  channel: number
}

const DRAFT_OF = { future: { ageSeconds: -3_600 }, deleted: { status: 4 }, banned: { status: 5 } }
const HIDDEN_FROM_ALL = ['future', 'deleted', 'banned', 'frozen author'] as const
const PUT_AWAY_BY_ALICE = ['blocked author', 'disliked'] as const
type State = 'visible' | (typeof HIDDEN_FROM_ALL)[number] | (typeof PUT_AWAY_BY_ALICE)[number]
const cases = new Map<State, Case>()

before(async () => {
  product = await useSharedProduct({ alwaysEmbedded: SETTING === 'cluster' })
  alice = await product.signIn('alice')
  channel = await product.createChannel('科技')
  ;[open] = (await product.publish([{ channel, title: 'about nothing' }])) as [ArticleId]
  let mobile = 13_903_000_000
  for (const state of ['visible', ...HIDDEN_FROM_ALL, ...PUT_AWAY_BY_ALICE] as State[]) {
    const author = (await product.signIn('author', String(mobile++))).id
    const own = await product.createChannel(state)
    const draft = { channel: own, author, title: `quixotic ${state}` }
    // All begin visible, so that readers have them everywhere; then what hides them happens.
    const [article, related] = await product.publish([draft, { ...draft, channel, title: `zephyr ${state}` }])
    await product.db
      .updateTable('reader')
      .set({ name: `quixotic${state.replace(' ', '')}` })
      .where('id', '=', author)
      .execute()
    for (const id of [article, related] as ArticleId[]) {
      await product.db.insertInto('collection').values({ reader_id: alice.id, article_id: id }).execute()
      await product.db.insertInto('history').values({ reader_id: alice.id, article_id: id, at: new Date() }).execute()
    }
    await editorOf(product).pin(own, article as ArticleId)
    await editorOf(product).pin(own, related as ArticleId)
    cases.set(state, { article: article as ArticleId, author, channel: own })
    await hide(state, [article, related] as ArticleId[], author)
  }
  // The followers of the change log have read everything once the last change is visible.
  const [last] = await product.publish([{ channel, title: 'sentinel', ageSeconds: 90_000 }])
  await eventually(
    async () => (await alice.get('/app/v1_0/search?q=sentinel')).body.data.results.length,
    count => count === 1,
  )
  await eventually(
    async () => (await feedOf(alice, channel)).includes(last as ArticleId),
    found => found,
  )
})

async function hide(state: State, ids: ArticleId[], author: ReaderId): Promise<void> {
  const update = (values: { status?: number; published_at?: Date }) =>
    product.db.updateTable('article').set(values).where('id', 'in', ids).execute()
  if (state === 'future') await update({ published_at: new Date(Date.now() + 3_600_000) })
  if (state === 'deleted' || state === 'banned') await update({ status: DRAFT_OF[state].status })
  if (state === 'frozen author') await product.db.updateTable('reader').set({ frozen: true }).where('id', '=', author).execute()
  if (state === 'blocked author') await alice.post('/app/v1_0/user/blacklists', { target: author })
  if (state === 'disliked') for (const target of ids) await alice.post('/app/v1_0/article/dislikes', { target })
}

const idsIn = (answer: Answer): ArticleId[] => answer.body.data.results.map((one: { art_id: bigint }) => one.art_id)
const post = async (path: string, body: unknown) => (await alice.post(`/app/v1_0${path}`, body)).status

/** The whole feed of a channel. */
async function feedOf(who: Pick<Person, 'get'>, of: number, top = 0): Promise<ArticleId[]> {
  const ids: ArticleId[] = []
  for (let at: number | null = cursor++; at !== null; ) {
    const answer: Answer = await who.get(`/app/v1_1/articles?channel_id=${of}&timestamp=${at}&with_top=${top}`)
    ids.push(...idsIn(answer))
    at = answer.body.data.pre_timestamp
  }
  return ids
}

async function grpcPageOf({ channel: of }: Case): Promise<ArticleId[]> {
  const peer = connectGrpcPeer(product.grpc)
  const { recommends } = await peer.recommend({ user_id: String(alice.id), channel_id: of, article_num: 10, time_stamp: cursor++ })
  return recommends.map(one => BigInt(one.article_id) as ArticleId)
}

type Surface = (about: Case) => Promise<boolean>
const contains = (find: (about: Case) => Promise<ArticleId[]>) => async (about: Case) => (await find(about)).includes(about.article)

/** What the product chooses to show: without articles that the reader has put away. */
const OFFERED: Record<string, Surface> = {
  'the feed of its channel': contains(about => feedOf(alice, about.channel)),
  'the recommended channel': contains(() => feedOf(alice, 0)),
  'the recommender over gRPC': contains(grpcPageOf),
  'the pinned articles': contains(about => feedOf(alice, about.channel, 1)),
  'the results of a search': contains(async () => idsIn(await alice.get('/app/v1_0/search?q=quixotic&per_page=50'))),
  'the authors found by a search': async ({ author }) => {
    const { authors } = (await alice.get('/app/v1_0/search?q=quixotic&per_page=50')).body.data
    return authors.some((one: { aut_id: bigint }) => one.aut_id === author)
  },
}

/** What a reader asks for by name, and their own records. */
const ASKED_FOR: Record<string, Surface> = {
  'its own page': async ({ article }) => (await alice.get(`/app/v1_0/articles/${article}`)).status === 200,
  "its author's list": contains(async ({ author }) => idsIn(await alice.get(`/app/v1_0/users/${author}/articles`))),
  "the length of its author's list": async ({ author }) =>
    (await alice.get(`/app/v1_0/users/${author}/articles`)).body.data.total_count > 0,
  'the count on the profile of its author': async ({ author }) => (await alice.get(`/app/v1_0/users/${author}`)).body.data.art_count > 0,
  'the collections of a reader': contains(async () => idsIn(await alice.get('/app/v1_0/article/collections?per_page=50'))),
  'the history of a reader': contains(async () => idsIn(await alice.get('/app/v1_0/user/histories?per_page=50'))),
  reports: async ({ article }) => (await post('/article/reports', { target: article, type: 1 })) !== 400,
  collecting: async ({ article }) => (await post('/article/collections', { target: article })) === 201,
  comments: async ({ article }) => (await post('/comments', { target: article, content: 'hello' })) === 201,
  'the list of comments': async ({ article }) => (await alice.get(`/app/v1_0/comments?type=a&source=${article}`)).body.data.total_count > 0,
  events: async ({ article }) => {
    const event = { id: `${article}`, action: 'share', article_id: article, at: Date.now() }
    return (await alice.post('/v1/behaviours', { events: [event] })).body.data.accepted === 1
  },
  explanations: async ({ article }) => (await alice.get(`/v1/explain?article_id=${article}&channel_id=0`)).status === 200,
}

/** Last, because they change the reader's attitude. */
const ATTITUDES: Record<string, Surface> = {
  dislikes: async ({ article }) => (await post('/article/dislikes', { target: article })) === 201,
  likes: async ({ article }) => (await post('/article/likings', { target: article })) === 201,
}

/** The states in which an article is on a surface. */
async function statesOn(surface: Surface): Promise<State[]> {
  const found: State[] = []
  for (const [state, about] of cases) if (await surface(about)) found.push(state)
  return found
}

test('what the product offers a reader has neither hidden articles, nor disliked ones, nor those of blocked authors', async t => {
  for (const [name, surface] of Object.entries(OFFERED))
    await t.test(name, async () => assert.deepEqual(await statesOn(surface), ['visible']))
})

test('the related articles are without hidden ones, disliked ones, and those of blocked authors', async () => {
  const { recomments } = (await alice.get(`/app/v1_0/articles/${open}`)).body.data
  const titles = recomments.map((one: { title: string }) => one.title).filter((title: string) => title.startsWith('zephyr'))
  assert.deepEqual(titles, ['zephyr visible'])
})

test('suggestions have no titles and no authors of hidden articles', async () => {
  const { options } = (await alice.get('/app/v1_0/suggestion?q=quixotic')).body.data
  const hidden = HIDDEN_FROM_ALL.filter(state => options.some((option: string) => option.includes(state)))
  assert.deepEqual(hidden, [])
  assert.ok(options.includes('quixotic visible'), options.join())
})

test('what a reader asks for by name hides only what is hidden from everybody', async t => {
  for (const [name, surface] of Object.entries({ ...ASKED_FOR, ...ATTITUDES }))
    await t.test(name, async () => assert.deepEqual(await statesOn(surface), ['visible', ...PUT_AWAY_BY_ALICE]))
})

test('nothing is written about a hidden article', async () => {
  const hidden = HIDDEN_FROM_ALL.map(state => cases.get(state)?.article as ArticleId)
  for (const table of ['attitude', 'report', 'comment', 'behaviour'] as const)
    assert.deepEqual(await product.db.selectFrom(table).select('article_id').where('article_id', 'in', hidden).execute(), [], table)
})
