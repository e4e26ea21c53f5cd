// Writes one article: a title that is unique in the world, a lead that fits it, body, pictures and keywords.

import type { Random } from '../base/seeded-random.ts'
import { captionsEn, closingsEn, headingsEn, sentencesEn, wordsEn } from './content/common-en.ts'
import { captionsZh, closingsZh, headingsZh, sentencesZh, wordsZh } from './content/common-zh.ts'
import type { Story, Topic } from './content/topic.ts'
import { picturePath } from './pictures.ts'
import { createTemplateFiller, type TemplateFiller } from './template.ts'

const SHARED = {
  zh: { words: wordsZh, sentences: sentencesZh, headings: headingsZh, closings: closingsZh, captions: captionsZh, space: '' },
  en: { words: wordsEn, sentences: sentencesEn, headings: headingsEn, closings: closingsEn, captions: captionsEn, space: ' ' },
}

interface ArticleOptions {
  random: Random
  topic: Topic
  id: bigint
  /** How many pictures the cover has. Pictures in the body are numbered after them. */
  coverSize: number
  /** The titles of the world so far. The new one is added. */
  titles: Set<string>
}

export function writeArticle({ random, topic, id, coverSize, titles }: ArticleOptions): {
  tag: string
  title: string
  html: string
  keywords: string[]
} {
  const { story, title, filler } = writeTitle(random, topic, titles)
  const lead = filler.fill(random.pick(story.leads))
  const keywords = pickKeywords(topic, story, filler)
  return { tag: story.tag, title, html: writeBody({ random, topic, id, coverSize, filler, lead }), keywords }
}

function writeTitle(random: Random, topic: Topic, titles: Set<string>): { story: Story; title: string; filler: TemplateFiller } {
  // Some stories have only one possible title; within a few hundred tries another story is always found.
  for (let tries = 0; tries < 500; tries++) {
    const story = random.pick(topic.stories)
    const filler = createTemplateFiller({
      random,
      words: { ...SHARED[topic.language].words, ...topic.words },
      english: topic.language === 'en',
    })
    const title = filler.fill(random.pick(story.titles))
    if (titles.has(title)) continue
    titles.add(title)
    return { story, title, filler }
  }
  throw new Error(`${topic.channel} has no unused title left`)
}

function pickKeywords(topic: Topic, story: Story, filler: TemplateFiller): string[] {
  const used = filler.listUsedWords()
  const ofTopic = used.filter(({ list }) => topic.keywords.includes(list))
  // A story that uses no keyword of its topic is filed under its place.
  const chosen = ofTopic.length > 0 ? ofTopic : used.filter(({ list }) => list === 'city' || list === 'place')
  const withoutArticle = chosen.map(({ word }) => word.replace(/^《|》$|^(a|an|the) /g, ''))
  return [...new Set([story.tag, ...withoutArticle])].slice(0, 4) // the studio asks creators for at most four
}

function writeBody({
  random,
  topic,
  id,
  coverSize,
  filler,
  lead,
}: Omit<ArticleOptions, 'titles'> & { filler: TemplateFiller; lead: string }): string {
  const shared = SHARED[topic.language]
  const sentences = random.shuffle([...topic.sentences, ...shared.sentences])
  const headings = random.shuffle(shared.headings)
  const middle = random.int(1, 6) // paragraphs between the first and the last: 3 to 8 in all
  const quoteAt = random.chance(0.7) ? random.int(0, middle - 1) : -1
  const pictureAt = coverSize > 0 && random.chance(0.6) ? random.int(0, middle - 1) : -1
  const parts = [`<p>${lead}</p>`]
  for (let i = 0; i < middle; i++) {
    if (middle >= 4 && i % 2 === 1) parts.push(`<h2>${headings.pop()}</h2>`)
    const paragraph = sentences.splice(0, random.int(2, 3)).map(sentence => filler.fill(sentence))
    parts.push(`<p>${paragraph.join(shared.space)}</p>`)
    if (i === quoteAt) parts.push(`<blockquote>${filler.fill(random.pick(topic.quotes))}</blockquote>`)
    if (i === pictureAt) parts.push(`<p><img src="${picturePath(id, coverSize + 1)}" alt="${random.pick(shared.captions)}"></p>`)
  }
  // There are more shared closings than a topic has: with 0.4, each sentence recurs about equally often.
  const closing = random.pick(random.chance(0.4) ? topic.closings : shared.closings)
  return [...parts, `<p>${filler.fill(closing)}</p>`].join('\n')
}
