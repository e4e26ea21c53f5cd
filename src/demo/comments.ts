// Makes the comments of the demo world: what readers wrote under articles they had opened, replies, and likes of both.

import { DAY, HOUR, MINUTE } from '../base/clock.ts'
import type { ArticleId, CommentId, ReaderId } from '../base/id.ts'
import { createSeededRandom } from '../base/seeded-random.ts'
import { commentTexts, replyTexts } from './content/comment-texts.ts'
import { type Article, type Behaviour, type Comment, type Edge, edgesOf, type Person } from './model.ts'

// Values of `comment.status`.
const SHOWN = 1
const TO_REVIEW = 0

export function makeComments({
  seed,
  now,
  idAt,
  people,
  articles,
  behaviours,
}: {
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
  const random = createSeededRandom(seed, 'talk')
  const articleById = new Map(articles.map(article => [article.id, article]))
  const personById = new Map(people.map(person => [person.id, person]))
  const clicks = edgesOf(behaviours, 'click')
  const clicksByArticle = Map.groupBy(clicks, click => click.to)
  const comments: Comment[] = []
  const likings: Edge<CommentId>[] = []

  for (const { from: readerId, to: articleId, at } of clicks) {
    const article = articleById.get(articleId) as Article
    if (!random.chance(article.quality > 0 ? 0.16 : 0.07)) continue
    const comment = addComment({ articleId, authorId: readerId, at: at + random.int(MINUTE, 12 * MINUTE) })
    if (!comment) continue
    addLikings(comment)
    addReplies(comment, article)
  }
  // Sorted by time, so that a comment is inserted before its replies.
  return { comments: comments.toSorted((a, b) => a.at - b.at), likings }

  /** None, one or two replies: by the article's author, or by a reader who had opened the article before. */
  function addReplies(comment: Comment, article: Article): void {
    const others = (clicksByArticle.get(article.id) ?? []).filter(click => click.from !== comment.authorId && click.at < comment.at)
    const replies = random.weighted([0.62, 0.26, 0.12])
    for (let i = 0; i < replies; i++) {
      const authorId = others.length === 0 || random.chance(0.35) ? article.authorId : random.pick(others).from
      if (authorId === comment.authorId) continue
      const at = comment.at + Math.floor(random.between(2 * MINUTE, 20 * HOUR))
      const reply = addComment({ articleId: article.id, authorId, parentId: comment.id, at })
      if (reply) addLikings(reply)
    }
  }

  /** Undefined when the comment would be written after the world's end. */
  function addComment(fields: { articleId: ArticleId; authorId: ReaderId; parentId?: CommentId; at: number }): Comment | undefined {
    if (fields.at > now) return undefined
    const { language, keywords } = articleById.get(fields.articleId) as Article
    // A reader who does not read the article's language comments in the other one.
    const ownLanguage = personById.get(fields.authorId)?.readsLanguage[language] ? language : language === 'zh' ? 'en' : 'zh'
    const content = random.pick((fields.parentId ? replyTexts : commentTexts)[ownLanguage]).replace('{k}', random.pick(keywords))
    // One in fifty waits for review, so that the admin has something to look at.
    const comment = { ...fields, id: idAt(fields.at) as CommentId, content, status: random.chance(0.02) ? TO_REVIEW : SHOWN }
    comments.push(comment)
    return comment
  }

  function addLikings(comment: Comment): void {
    const readers = new Set((clicksByArticle.get(comment.articleId) ?? []).map(click => click.from).filter(id => id !== comment.authorId))
    for (const from of readers) {
      const at = comment.at + Math.floor(random.between(MINUTE, 2 * DAY))
      if (comment.status === SHOWN && at <= now && random.chance(0.13)) likings.push({ from, to: comment.id, at })
    }
  }
}
