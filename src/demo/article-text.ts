// Writes one article: a title nobody else has, a first paragraph about it, and what else there is to say.

import type { Random } from '../base/seeded-random.ts'
import { picturePath } from './articles.ts'
import { captionsEn, closingsEn, headingsEn, sentencesEn, wordsEn } from './content/common-en.ts'
import { captionsZh, closingsZh, headingsZh, sentencesZh, wordsZh } from './content/common-zh.ts'
import type { Story, Topic } from './content/topic.ts'
import { createTemplateFiller, type TemplateFiller } from './template.ts'

const SHARED = {
  zh: { words: wordsZh, sentences: sentencesZh, headings: headingsZh, closings: closingsZh, captions: captionsZh, space: '' },
  en: { words: wordsEn, sentences: sentencesEn, headings: headingsEn, closings: closingsEn, captions: captionsEn, space: ' ' },
}

interface Asked {
  random: Random
  topic: Topic
  id: bigint
  /** How many pictures its cover has; the ones inside the text are numbered on from there. */
  pictures: number
  /** Titles of the world so far; the new one is added. */
  titles: Set<string>
}

export function composeArticle({ random, topic, id, pictures, titles }: Asked): {
  tag: string
  title: string
  html: string
  keywords: string[]
} {
  const { story, title, telling } = newTitle(random, topic, titles)
  const lead = telling.fill(random.pick(story.leads))
  const keywords = keywordsOf(topic, story, telling)
  return { tag: story.tag, title, html: body({ random, topic, id, pictures, telling, lead }), keywords }
}

function newTitle(random: Random, topic: Topic, titles: Set<string>): { story: Story; title: string; telling: TemplateFiller } {
  // Some titles have one wording only; a few hundred tries always find another story.
  for (let tries = 0; tries < 500; tries++) {
    const story = random.pick(topic.stories)
    const telling = createTemplateFiller({
      random,
      words: { ...SHARED[topic.language].words, ...topic.words },
      english: topic.language === 'en',
    })
    const title = telling.fill(random.pick(story.titles))
    if (titles.has(title)) continue
    titles.add(title)
    return { story, title, telling }
  }
  throw new Error(`${topic.channel} has no more titles to give`)
}

function keywordsOf(topic: Topic, story: Story, telling: TemplateFiller): string[] {
  const used = telling.listUsedWords()
  const own = used.filter(({ list }) => topic.keywords.includes(list))
  // A story without a word of its channel is at least about a place.
  const found = own.length > 0 ? own : used.filter(({ list }) => list === 'city' || list === 'place')
  const bare = found.map(({ word }) => word.replace(/^《|》$|^(a|an|the) /g, ''))
  return [...new Set([story.tag, ...bare])].slice(0, 4) // as many as the studio asks its creators for
}

function body({ random, topic, id, pictures, telling, lead }: Omit<Asked, 'titles'> & { telling: TemplateFiller; lead: string }): string {
  const shared = SHARED[topic.language]
  const sentences = random.shuffle([...topic.sentences, ...shared.sentences])
  const headings = random.shuffle(shared.headings)
  const middle = random.int(1, 6) // with the first and the last paragraph: 3 to 8
  const quoteAt = random.chance(0.7) ? random.int(0, middle - 1) : -1
  const pictureAt = pictures > 0 && random.chance(0.6) ? random.int(0, middle - 1) : -1
  const parts = [`<p>${lead}</p>`]
  for (let i = 0; i < middle; i++) {
    if (middle >= 4 && i % 2 === 1) parts.push(`<h2>${headings.pop()}</h2>`)
    const said = sentences.splice(0, random.int(2, 3)).map(sentence => telling.fill(sentence))
    parts.push(`<p>${said.join(shared.space)}</p>`)
    if (i === quoteAt) parts.push(`<blockquote>${telling.fill(random.pick(topic.quotes))}</blockquote>`)
    if (i === pictureAt) parts.push(`<p><img src="${picturePath(id, pictures + 1)}" alt="${random.pick(shared.captions)}"></p>`)
  }
  // Now and then the channel's own last words, more often those that fit everywhere: each then recurs about as often.
  const closing = random.pick(random.chance(0.4) ? topic.closings : shared.closings)
  return [...parts, `<p>${telling.fill(closing)}</p>`].join('\n')
}
