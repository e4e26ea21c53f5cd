// What readers said about what they had read, who answered, and who liked it.

import { DAY, HOUR, MINUTE } from '../base/clock.ts'
import type { ArticleId, CommentId, ReaderId } from '../base/id.ts'
import { createSeededRandom } from '../base/seeded-random.ts'
import type { Article } from './articles.ts'
import { commentTexts, replyTexts } from './content/comment-texts.ts'
import type { Person } from './people.ts'
import { type Behaviour, type Comment, type Edge, edgesOf } from './world.ts'

const SHOWN = 1
const TO_REVIEW = 0

export function makeComments(given: {
  seed: number
  now: number
  idAt: (ms: number) => bigint
  people: Person[]
  articles: Article[]
  behaviours: Behaviour[]
}): {
  comments: Comment[]
  likings: Edge<CommentId>[]
} {
  const { seed, now, idAt, people, articles, behaviours } = given
  const random = createSeededRandom(seed, 'talk')
  const articleOf = new Map(articles.map(article => [article.id, article]))
  const personOf = new Map(people.map(person => [person.id, person]))
  const opened = edgesOf(behaviours, 'click')
  const readersOf = Map.groupBy(opened, tie => tie.to)
  const comments: Comment[] = []
  const likings: Edge<CommentId>[] = []

  for (const { from, to, at } of opened) {
    const article = articleOf.get(to) as Article
    if (!random.chance(article.quality > 0 ? 0.16 : 0.07)) continue
    const commented = say({ articleId: to, authorId: from, at: at + random.int(MINUTE, 12 * MINUTE) })
    if (!commented) continue
    applaud(commented)
    // The author answers now and then; so does somebody else who has read it.
    const others = (readersOf.get(to) ?? []).filter(tie => tie.from !== from && tie.at < commented.at)
    const answers = random.weighted([0.62, 0.26, 0.12])
    for (let i = 0; i < answers; i++) {
      const authorId = others.length === 0 || random.chance(0.35) ? article.authorId : random.pick(others).from
      if (authorId === from) continue
      const reply = say({
        articleId: to,
        authorId,
        parentId: commented.id,
        at: commented.at + Math.floor(random.between(2 * MINUTE, 20 * HOUR)),
      })
      if (reply) applaud(reply)
    }
  }
  // Replies point at comments: in the order of time, what is pointed at is there first.
  return { comments: comments.toSorted((a, b) => a.at - b.at), likings }

  function say(one: { articleId: ArticleId; authorId: ReaderId; parentId?: CommentId; at: number }): Comment | undefined {
    if (one.at > now) return undefined
    const { language, keywords } = articleOf.get(one.articleId) as Article
    // People answer in their own language when they do not read the article's.
    const own = personOf.get(one.authorId)?.readsLanguage[language] ? language : language === 'zh' ? 'en' : 'zh'
    const text = random.pick((one.parentId ? replyTexts : commentTexts)[own]).replace('{k}', random.pick(keywords))
    // One in fifty waits for an editor, so that the back office has something to look at.
    const remark = { ...one, id: idAt(one.at) as CommentId, content: text, status: random.chance(0.02) ? TO_REVIEW : SHOWN }
    comments.push(remark)
    return remark
  }

  function applaud(remark: Comment): void {
    const hands = new Set((readersOf.get(remark.articleId) ?? []).map(tie => tie.from).filter(id => id !== remark.authorId))
    for (const from of hands) {
      const at = remark.at + Math.floor(random.between(MINUTE, 2 * DAY))
      if (remark.status === SHOWN && at <= now && random.chance(0.13)) likings.push({ from, to: remark.id, at })
    }
  }
}
