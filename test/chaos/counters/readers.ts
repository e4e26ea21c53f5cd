// Readers who like, follow and read, and a ledger of what the servers acknowledged to them.

import type { TestDatabase } from '../../support/database.ts'
import { pause } from '../../support/waiting.ts'
import type { Request } from './server-pool.ts'

/** What the row must be. In doubt: the request had no answer. */
type Mark = 'there' | 'gone' | 'in doubt'

export interface Reader {
  id: bigint
  token: string
  /** An article only this reader likes, so its count is known at every moment. */
  ownArticle: bigint
  likes: Mark
  follows: Mark
}

const SHARED_ARTICLES = 20

export interface ReadersNeeds {
  request: Request
  pool: TestDatabase['pool']
  readerCount: number
  /** The longest pause between two actions of a reader. */
  paceMs: number
}

export async function createReaders({ request, pool, readerCount, paceMs }: ReadersNeeds) {
  const articles = Array.from({ length: SHARED_ARTICLES + readerCount + 1 }, (_, i) => 2n ** 60n + BigInt(i))
  await pool.query(
    `insert into channel (id, name) values (1, '频道'); insert into reader (id, name) select i, 'author ' || i from generate_series(1, 5) i`,
  )
  await pool.query(
    `insert into article (id, author_id, channel_id, title, status, published_at)
     select id, 1 + id % 5, 1, '标题', 2, now() from unnest($1::bigint[]) id`,
    [articles.map(String)],
  )
  await pool.query(`insert into article_content (article_id, html) select id, '<p>text</p>' from article`)
  const readers: Reader[] = []
  for (let i = 0; i < readerCount; i++) readers.push(await signIn(i))
  /** Each reader likes it once and never unlikes it, so its count only grows. */
  const growingArticle = articles[0] as bigint
  const wrong: string[] = []
  let looks = 0

  async function signIn(i: number): Promise<Reader> {
    const answer = await request(undefined, 'POST', '/app/v1_0/authorizations', { mobile: String(13_700_000_000 + i), code: '246810' })
    const token = answer?.data.token as string
    const { user_id } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
    return { id: BigInt(user_id), token, ownArticle: articles[1 + SHARED_ARTICLES + i] as bigint, likes: 'gone', follows: 'gone' }
  }

  /** The number of likes an article is shown with; undefined without an answer. */
  async function likesShown(reader: Reader | undefined, id: bigint): Promise<number | undefined> {
    const answer = await request(reader?.token, 'GET', `/app/v1_0/articles/${id}`)
    return answer?.status === 200 ? Number(answer.data.like_count) : undefined
  }

  /** After their own action a reader sees its effect, whichever server answers. */
  async function expectLikes(reader: Reader, expected: number): Promise<void> {
    const shown = await likesShown(reader, reader.ownArticle)
    if (shown === undefined) return
    looks++
    if (shown !== expected) wrong.push(`a reader sees ${shown} instead of ${expected} after their own action`)
  }

  return {
    readers,
    growingArticle,
    wrong,
    looks: () => looks,
    likesShown,

    async act(reader: Reader): Promise<void> {
      const put = await request(reader.token, 'POST', '/app/v1_0/article/likings', { target: reader.ownArticle })
      reader.likes = put?.status === 201 ? 'there' : 'in doubt'
      if (reader.likes === 'there') await expectLikes(reader, 1)
      await pause(paceMs * Math.random())
      const drop = await request(reader.token, 'DELETE', `/app/v1_0/article/likings/${reader.ownArticle}`)
      reader.likes = drop?.status === 204 ? 'gone' : 'in doubt'
      if (reader.likes === 'gone') await expectLikes(reader, 0)
      const done =
        reader.follows === 'there'
          ? await request(reader.token, 'DELETE', '/app/v1_0/user/followings/1')
          : await request(reader.token, 'POST', '/app/v1_0/user/followings', { target: 1n })
      reader.follows = done?.status === 201 ? 'there' : done?.status === 204 ? 'gone' : 'in doubt'
      const target = articles[1 + Math.floor(Math.random() * SHARED_ARTICLES)]
      await request(reader.token, 'POST', '/app/v1_0/article/collections', { target })
    },

    /** All readers like the growing article. `sent` and `acknowledgedAt` tell how many likes may and must be shown. */
    createGrowth() {
      let sent = 0
      const acknowledgedAt: number[] = []
      return {
        async grow(isOver: () => boolean, intervalMs: number): Promise<void> {
          for (const reader of readers) {
            if (isOver()) return
            sent++
            const put = await request(reader.token, 'POST', '/app/v1_0/article/likings', { target: growingArticle })
            if (put?.status === 201) acknowledgedAt.push(performance.now())
            await pause(intervalMs)
          }
        },
        /** What was acknowledged `behindMs` ago is shown, and no more than was sent. */
        async check(behindMs: number): Promise<void> {
          const before = performance.now() - behindMs
          const least = acknowledgedAt.filter(at => at < before).length
          const shown = await likesShown(undefined, growingArticle)
          if (shown === undefined) return
          looks++
          if (shown < least || shown > sent) wrong.push(`${shown} likes are shown, ${least} were acknowledged and ${sent} sent`)
        },
        checkRows(likes: number): void {
          if (likes < acknowledgedAt.length || likes > sent)
            wrong.push(`${likes} likes in rows, ${acknowledgedAt.length} acknowledged of ${sent}`)
        },
      }
    },
  }
}
