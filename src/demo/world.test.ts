import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR } from '../base/clock.ts'
import { makeArticles } from './articles.ts'
import { TOPICS } from './content/topics.ts'
import { edgesOf, PUBLISHED, readingHistories } from './model.ts'
import { createPastIds } from './past-ids.ts'
import { makePeople } from './people.ts'
import { WORLD_AGE_MS } from './timeline.ts'
import { makeWorld } from './world.ts'

const now = Date.parse('2026-11-20T10:00:00Z')
const world = makeWorld({ seed: 1, now })
const published = world.articles.filter(article => article.status === PUBLISHED)
const letters = (text: string) => [...text].length
const hourInShanghai = (at: number) => Math.floor(((at + 8 * HOUR) % DAY) / HOUR)
const share = <T>(items: T[], matches: (item: T) => boolean) => items.filter(matches).length / items.length

test('the same seed and moment make the same world, another seed or moment makes another', () => {
  assert.deepEqual(makeWorld({ seed: 1, now }), world)
  assert.notDeepEqual(
    makeWorld({ seed: 2, now }).articles.map(one => one.title),
    world.articles.map(one => one.title),
  )
  assert.notDeepEqual(makeWorld({ seed: 1, now: now + 1 }).articles[0]?.id, world.articles[0]?.id)
})

test('the world has channels, creators, and articles in two languages, some of today, some to review', () => {
  assert.equal(world.channels.length, 13)
  assert.ok(published.length >= 590)
  assert.ok(published.filter(one => one.at > now - DAY).length >= 60)
  assert.ok(world.people.length >= 60)
  const english = share(published, one => one.language === 'en')
  assert.ok(english > 0.36 && english < 0.5, `${english}`)
  assert.ok(world.articles.filter(one => one.status === 1).length >= 10, 'something to review')
  for (const [topic, { channel, language }] of TOPICS.entries())
    assert.ok(published.filter(one => one.topic === topic).length >= 12, `${channel} in ${language}`)
})

test('what a stranger reads first is pinned: a text in each language, the Chinese one on top', () => {
  const pinned = world.pinned.map(id => published.find(one => one.id === id))
  assert.deepEqual(
    pinned.map(one => one?.language),
    ['zh', 'en'],
  )
  for (const one of pinned) assert.ok(letters(one?.html ?? '') > 900 && one?.html.includes('<h2>'))
})

test('titles are unique in each of twenty worlds', () => {
  for (let seed = 0; seed < 20; seed++) {
    const idAt = createPastIds()
    const titles = makeArticles({ seed, now, idAt, people: makePeople({ seed, now, idAt }) }).map(one => one.title)
    assert.equal(new Set(titles).size, titles.length)
  }
})

test('every text fits the schema and the contract', () => {
  for (const { name, intro } of world.people) assert.ok(letters(name) >= 1 && letters(name) <= 7 && letters(intro) <= 60, name)
  assert.equal(new Set(world.people.map(one => one.name)).size, world.people.length)
  for (const { title, html, keywords, cover } of world.articles) {
    assert.ok(letters(title) >= 4 && letters(title) <= 128, title)
    assert.doesNotMatch(title + html, /[{}]|undefined|NaN/)
    assert.ok(keywords.length >= 1 && keywords.length <= 4 && keywords.every(one => one.length > 0), title)
    assert.ok([0, 1, 3].includes(cover.length))
    const paragraphs = html.match(/<p>(?!<img)/g)?.length ?? 0
    assert.ok(paragraphs >= 5 && paragraphs <= 12, `${paragraphs} paragraphs`)
    assert.match(html, /^(<(p|h2|blockquote)>(<img src="drawn\/\d{19}-\d-[a-z]+\.svg" alt="[^"<>]+">|[^<>&]+)<\/\2>\n?)+$/)
  }
  for (const { content } of world.comments) assert.ok(letters(content) >= 1 && letters(content) <= 140, content)
})

test('a quarter of the articles has no cover picture, half have one, a quarter has three', () => {
  for (const [pictures, expected] of [
    [0, 0.25],
    [1, 0.5],
    [3, 0.25],
  ] as const) {
    const found = share(published, one => one.cover.length === pictures)
    assert.ok(Math.abs(found - expected) < 0.06, `${pictures}: ${found}`)
  }
})

test('ids have 19 digits and are unique', () => {
  const ids = [...world.people, ...world.articles, ...world.comments].map(one => one.id)
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.equal(String(id).length, 19)
  assert.equal(new Set(world.behaviours.map(one => one.id)).size, world.behaviours.length)
  for (const { id } of world.behaviours.slice(0, 500)) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('nothing happens after now or before its cause, and little at night', () => {
  const publishedAt = new Map(published.map(one => [one.id, one.at]))
  const joinedAt = new Map(world.people.map(one => [one.id, one.joinedAt]))
  let previousAt = 0
  for (const { at, articleId, readerId } of world.behaviours) {
    assert.ok(at >= previousAt && at <= now && at >= now - WORLD_AGE_MS)
    assert.ok(at > (publishedAt.get(articleId) as number) && at >= (joinedAt.get(readerId) as number))
    previousAt = at
  }
  const commentById = new Map(world.comments.map(one => [one.id, one]))
  for (const { parentId, at } of world.comments) if (parentId) assert.ok((commentById.get(parentId)?.at as number) < at)
  for (const { to, at } of world.likings) assert.ok((commentById.get(to)?.at as number) < at && at <= now)
  for (const moments of [published.map(one => one.at), world.behaviours.map(one => one.at)])
    assert.ok(share(moments, at => hourInShanghai(at) >= 2 && hourInShanghai(at) < 6) < 0.05)
})

test('a reader sees an article at most once, and opens only what the page showed', () => {
  const exposures = new Map(world.behaviours.filter(one => one.action === 'exposure').map(one => [`${one.readerId}/${one.articleId}`, one]))
  assert.equal(exposures.size, world.behaviours.filter(one => one.action === 'exposure').length)
  for (const { action, readerId, articleId, pageId, position, dwellMs } of world.behaviours) {
    const exposure = exposures.get(`${readerId}/${articleId}`)
    assert.deepEqual([exposure?.pageId, exposure?.position], [pageId, position])
    assert.equal(dwellMs !== undefined, action === 'read')
  }
  for (const page of world.pages) assert.ok(page.articleIds.length > 0 && page.articleIds.length <= 10 && page.nextCursor < page.cursor)
  assert.ok(readingHistories(world.behaviours).length <= edgesOf(world.behaviours, 'click').length)
})

test('affinity, quality and position raise the click rate, so a model has something to learn', () => {
  assert.ok(world.behaviours.length >= 20_000 && world.behaviours.length <= 60_000, `${world.behaviours.length}`)
  const people = new Map(world.people.map(one => [one.id, one]))
  const articles = new Map(published.map(one => [one.id, one]))
  const clicks = new Set(edgesOf(world.behaviours, 'click').map(one => `${one.from}/${one.to}`))
  const clickRate = (matches: (likesTopic: boolean, quality: number, position: number) => boolean) => {
    const exposures = world.behaviours.filter(({ action, readerId, articleId, position }) => {
      const article = articles.get(articleId)
      return (
        action === 'exposure' &&
        article &&
        matches((people.get(readerId)?.affinities[article.topic] ?? 0) > 0.5, article.quality, position as number)
      )
    })
    return share(exposures, one => clicks.has(`${one.readerId}/${one.articleId}`))
  }
  const overall = clickRate(() => true)
  assert.ok(overall > 0.06 && overall < 0.25, `click rate ${overall}`)
  assert.ok(clickRate(likesTopic => likesTopic) > 2 * clickRate(likesTopic => !likesTopic))
  assert.ok(clickRate((_, quality) => quality > 0.5) > 1.5 * clickRate((_, quality) => quality < -0.5))
  assert.ok(clickRate((_, __, position) => position < 3) > 1.6 * clickRate((_, __, position) => position > 6))
})
