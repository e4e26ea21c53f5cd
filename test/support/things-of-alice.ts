// What alice has, for tests of who may touch it: something of each kind that an operation can name, and the values that name it.

import { createECDH, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../src/base/article-status.ts'
import type { AnnouncementId, ArticleId, ChannelId, ReaderId } from '../../src/base/id.ts'
import type { Db } from '../../src/engines/database/database.ts'
import { NOTICE_KINDS } from '../../src/features/notices/notices.sql.ts'
import type { Operation } from './operations.ts'
import { jpegOf } from './pictures.ts'
import type { Person, Product } from './product.ts'
import { createRowWriter, newRowId } from './product-rows.ts'

/** Stands in what only alice may read. */
export const SECRET = 'for alice alone'
const ID_NUMBER = '11010519491231002X'
export const SECRETS = [SECRET, ID_NUMBER.slice(0, 17)]
/** Nobody is there, and alice has muted what would be pushed. */
const ENDPOINT = 'https://push.invalid/alice'

/** What she has but once: an identity, a photo, searches. */
export interface Owner {
  person: Person
  channel: ChannelId
  photo: string
  announcement: AnnouncementId
}

export async function createOwner({ db }: Product, person: Person, channel: ChannelId): Promise<Owner> {
  const picture = (await jpegOf(40, 30)).toString('base64')
  const identity = { photo: picture, id_card_front: picture, real_name: '李明', id_number: ID_NUMBER }
  const { body, status, text } = await person.patch('/app/v1_0/user/profile', identity)
  if (status !== 201) throw new Error(text)
  const announcement = 1n as AnnouncementId
  await db.insertInto('announcement').values({ id: announcement, title: 'for all', html: '' }).execute()
  await db.insertInto('search_history').values({ reader_id: person.id, keyword: SECRET }).execute()
  await db
    .insertInto('notice_setting')
    .values({ reader_id: person.id, muted: [...NOTICE_KINDS] })
    .execute()
  return { person, channel, photo: body.data.photo.split('/').at(-1), announcement }
}

export interface Things {
  owner: Owner
  article: ArticleId
  /** Another reader, who has a chat with her and has written `remark` below her article. */
  peer: ReaderId
  comment: bigint
  remark: bigint
  session: bigint
  material: number
}

/** New for each operation, so that none finds what another has changed. */
export async function createThings(db: Db, { path }: Pick<Operation, 'path'>, owner: Owner): Promise<Things> {
  const id = owner.person.id
  const status = statusFor(path)
  const title = status === ARTICLE_STATUS.published ? 'of alice' : SECRET
  const [article] = (await createRowWriter(db).insertArticles([{ channel: owner.channel, author: id, title, status }])) as [ArticleId]
  const peer = newRowId() as ReaderId
  const things = { owner, article, peer, comment: newRowId(), remark: newRowId(), session: newRowId(), material: 0 }
  await db
    .insertInto('reader')
    .values({ id: peer, name: `peer ${article}` })
    .execute()
  const comment = { article_id: article, content: 'below an article of alice' }
  await db
    .insertInto('comment')
    .values([
      { ...comment, id: things.comment as never, author_id: id },
      { ...comment, id: things.remark as never, author_id: peer },
    ])
    .execute()
  if (/sessions/.test(path)) await insertSession(db, things)
  if (/studio/.test(path)) await insertSaves(db, things)
  if (/chats/.test(path)) await insertChat(db, things)
  if (/images/.test(path)) things.material = await insertMaterial(db, things)
  if (/web-push/.test(path))
    await db
      .insertInto('web_push_subscription')
      .values({ reader_id: id, endpoint: ENDPOINT, ...pushKeys() })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  if (/mutes|not-interested/.test(path))
    await sql`
      insert into dial (viewer, muted_authors, muted_words, not_interested) values (${`r${id}`}, ${[peer]}, ${[SECRET]}, ${[article]})
      on conflict (viewer) do update set muted_authors = excluded.muted_authors, not_interested = excluded.not_interested`.execute(db)
  return things
}

/** What the author alone may change is a draft; a ban may be appealed. */
function statusFor(path: string): number {
  if (/appeals/.test(path)) return ARTICLE_STATUS.banned
  return /mp\/(v1_0\/)?articles/.test(path) ? ARTICLE_STATUS.draft : ARTICLE_STATUS.published
}

const insertSession = (db: Db, { session, owner }: Things) =>
  db
    .insertInto('session')
    .values({ id: session as never, reader_id: owner.person.id, surface: 'app', expires_at: new Date(Date.now() + 3_600_000) })
    .execute()

async function insertSaves(db: Db, { article, owner: { person, channel } }: Things): Promise<void> {
  const revision = { article_id: article, number: 1, title: SECRET, html: SECRET, cover: [], channel_id: channel, status: 0 }
  await db.insertInto('article_revision').values(revision).execute()
  const content = JSON.stringify({ title: SECRET })
  await sql`insert into autosave (author_id, article_id, content) values (${person.id}, ${article}, ${content}::jsonb)`.execute(db)
  await db.insertInto('article_review').values({ article_id: article, reviewer: 'editor', action: 'ban', reason: SECRET }).execute()
}

async function insertChat(db: Db, { article, peer, owner: { person } }: Things): Promise<void> {
  const [low, high] = person.id < peer ? [person.id, peer] : [peer, person.id]
  await sql`insert into chat (id, low_id, high_id, last_seq) values (${article}, ${low}, ${high}, 2)`.execute(db)
  await sql`
    insert into chat_side (reader_id, peer_id, chat_id, last_id)
    values (${person.id}, ${peer}, ${article}, ${article}), (${peer}, ${person.id}, ${article}, ${article})`.execute(db)
  await sql`
    insert into chat_message (chat_id, seq, id, sender_id, client_id, content)
    values (${article}, 1, ${article - 1n}, ${peer}, 'first', ${SECRET}), (${article}, 2, ${article}, ${person.id}, 'second', ${SECRET})`.execute(
    db,
  )
}

async function insertMaterial(db: Db, { article, owner: { person } }: Things): Promise<number> {
  const file = { id: article as never, name: `${randomBytes(16).toString('hex')}.jpg`, owner_id: person.id, stored: true }
  await db
    .insertInto('stored_file')
    .values({ ...file, widths: [40], bytes: [500] })
    .execute()
  const row = { reader_id: person.id, file_id: article as never }
  return (await db.insertInto('material').values(row).returning('id').executeTakeFirstOrThrow()).id
}

/** What others wrote to her or below her article, and the parts of her article: it stays as it is until she changes it. */
export async function readThings(db: Db, things: readonly Things[]): Promise<unknown> {
  const articles = things.map(({ article }) => article)
  const parts = ['article_content', 'article_revision', 'article_review', 'appeal'].map(
    table => sql`select t::text as row from ${sql.table(table)} t where article_id = any(${articles})`,
  )
  const others = [
    sql`select t::text from comment t where id = any(${things.flatMap(({ comment, remark }) => [comment, remark])})`,
    sql`select t::text from chat_message t where chat_id = any(${articles})`,
    sql`select t::text from chat_side t where chat_id = any(${articles})`,
    sql`select concat_ws(' ', reader_id, endpoint, p256dh, auth) from web_push_subscription where endpoint = ${ENDPOINT}`,
  ]
  return (await sql`${sql.join([...parts, ...others], sql` union all `)} order by 1`.execute(db)).rows
}

/** Values for the path, the query and the fields of the body, by name. `n` is new in each request. */
export function valuesFor({ path }: Operation, things: Things, n: number): Record<string, string> {
  const { owner, article, peer, comment, remark, session, material } = things
  const kinds: [RegExp, bigint | number][] = [
    [/sessions/, session],
    [/announcements/, owner.announcement],
    [/images/, material],
    [/mp\/.*comments|comments\/\{id\}\/reports/, remark],
    [/comments\/\{id\}|comment\/likings/, comment],
    [/channels/, owner.channel],
    [/follow|blacklist|mutes/, peer],
    [/users/, owner.person.id],
  ]
  const id = String(kinds.find(([pattern]) => pattern.test(path))?.[1] ?? article)
  const name = /files/.test(path) ? owner.photo : `n${n % 1_000_000}`
  const [own, below] = [String(article), String(owner.channel)]
  const articles = { article: own, article_id: own, art_id: own, source: own, channel_id: below, aut_id: String(owner.person.id) }
  const others = { id, target: id, reader: String(peer), seq: '1', number: '1', mobile: String(n), name }
  return { ...articles, ...others, type: 'a', language: 'zh', event: 'f', w: '360' }
}

/** Bodies that cannot be made from names and schemas alone. */
export function bodyFor({ method, path }: Operation, { owner, article, remark, peer }: Things, n: number): object | undefined {
  const text = { title: 'a new text', content: '<p>text</p>', cover: { type: 0, images: [] }, channel_id: owner.channel }
  const bodies: [RegExp, () => object][] = [
    [/(POST|PUT) .*mp\/(v1_0\/)?articles/, () => text],
    [/PUT .*autosaves/, () => ({ content: text })],
    [/PATCH .*(profile|app\/v1_0\/user)$/, () => ({ name: `n${n % 1_000_000}`, intro: 'hello' })],
    [/DELETE .*user\/channels$/, () => ({ channels: [owner.channel] })],
    [/PATCH .*dials/, () => ({ interests: [owner.channel], language: 'zh' })],
    [/POST .*reports/, () => ({ type: 1, remark: 'why', target: String(article) })],
    [/POST .*app\/v1_0\/comments$/, () => ({ target: String(article), content: 'a remark' })],
    [/POST .*mp\/(v1_0\/)?comments$/, () => ({ target: String(remark), content: 'an answer', art_id: String(article) })],
    [/POST .*chats\/\{reader\}\/messages$/, () => ({ client_id: 'third', text: 'hello' })],
    [/POST .*receipts/, () => ({ delivered: 2, read: 2 })],
    [/POST .*mutes/, () => ({ kind: 'author', target: String(peer) })],
    [/POST .*appeals/, () => ({ reason: 'it is harmless' })],
    [/POST .*subscriptions/, () => ({ endpoint: `${ENDPOINT}${n}`, keys: pushKeys() })],
    [/DELETE .*subscriptions/, () => ({ endpoint: ENDPOINT })],
    [/PATCH .*notices\/settings/, () => ({ muted: [...NOTICE_KINDS] })],
    [/PUT .*me\/mobile/, () => ({ mobile: String(n), old_code: '246810', new_code: '246810' })],
  ]
  return bodies.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1]()
}

const pushKeys = () => {
  const p256dh = createECDH('prime256v1').generateKeys('base64url')
  return { p256dh, auth: randomBytes(16).toString('base64url') }
}
