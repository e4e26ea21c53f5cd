// Writes one article: a title like no other, a lead and a body that fit it, pictures and keywords.

import type { Random } from '../base/seeded-random.ts'
import { captionsEn, closingsEn, wordsEn } from './content/common-en.ts'
import { captionsZh, closingsZh, wordsZh } from './content/common-zh.ts'
import type { Story, Topic } from './content/topic.ts'
import { TOPICS } from './content/topics.ts'
import { picturePath } from './pictures.ts'
import { createTemplateFiller, type TemplateFiller } from './template.ts'

const SHARED = {
  zh: { words: wordsZh, closings: closingsZh, captions: captionsZh },
  en: { words: wordsEn, closings: closingsEn, captions: captionsEn },
}

/** A title's template, with the story it belongs to. */
interface Pattern {
  story: Story
  title: string
}

export interface WrittenArticle {
  tag: string
  title: string
  html: string
  keywords: string[]
  cover: string[]
}

/** Writes the articles of one world. Each pattern is used once: readers would notice a second headline that is made like the first. */
export function createArticleWriter(random: Random) {
  const unused = new Map(
    TOPICS.map(topic => [topic, random.shuffle(topic.stories.flatMap(story => story.titles.map(title => ({ story, title }))))]),
  )

  function takePattern(topic: Topic): Pattern {
    const pattern = unused.get(topic)?.pop()
    if (!pattern) throw new Error(`${topic.channel} has no unused title left`)
    return pattern
  }

  return {
    canWrite: (topic: Topic): boolean => (unused.get(topic)?.length ?? 0) > 0,

    /** `coverSize`: how many pictures the cover has. A picture in the body comes after them. */
    write(topic: Topic, id: bigint, coverSize: number): WrittenArticle {
      const { story, title } = takePattern(topic)
      const words = { ...SHARED[topic.language].words, ...topic.words }
      const filler = createTemplateFiller({ random, words, english: topic.language === 'en' })
      const text = filler.fill(title)
      const motifs = [story.picture, ...topic.pictures.filter(motif => motif !== story.picture)]
      const picture = (n: number) => picturePath(id, n, motifs[(n - 1) % motifs.length] as string)
      const lead = filler.fill(random.pick(story.leads))
      const keywords = pickKeywords(topic, story, filler)
      return {
        tag: story.tag,
        title: text,
        html: writeBody({ random, topic, story, filler, lead, picture: coverSize > 0 ? picture(coverSize + 1) : undefined }),
        keywords,
        cover: Array.from({ length: coverSize }, (_, i) => picture(i + 1)),
      }
    },
  }
}

function pickKeywords(topic: Topic, story: Story, filler: TemplateFiller): string[] {
  const used = filler.listUsedWords()
  const ofTopic = used.filter(({ list }) => topic.keywords.includes(list))
  // A story that uses no keyword of its topic is filed under its place.
  const chosen = ofTopic.length > 0 ? ofTopic : used.filter(({ list }) => list === 'city' || list === 'place')
  const withoutArticle = chosen.map(({ word }) => word.replace(/^《|》$|^(a|an|the) /g, ''))
  return [...new Set([story.tag, ...withoutArticle])].slice(0, 4) // the studio asks creators for at most four
}

interface Body {
  random: Random
  topic: Topic
  story: Story
  filler: TemplateFiller
  lead: string
  picture: string | undefined
}

function writeBody({ random, topic, story, filler, lead, picture }: Body): string {
  const shared = SHARED[topic.language]
  const quoteAfter = random.chance(0.7) ? random.int(0, 1) : -1
  const pictureAfter = picture && random.chance(0.6) ? random.int(0, 1) : -1
  const parts = [`<p>${lead}</p>`]
  for (const [i, paragraph] of story.body.entries()) {
    parts.push(`<p>${filler.fill(paragraph)}</p>`)
    if (i === quoteAfter) parts.push(`<blockquote>${filler.fill(random.pick(topic.quotes))}</blockquote>`)
    if (i === pictureAfter) parts.push(`<p><img src="${picture}" alt="${random.pick(shared.captions)}"></p>`)
  }
  // There are more shared closings than a topic has: with 0.4, each sentence recurs about equally often.
  const closing = random.pick(random.chance(0.4) ? topic.closings : shared.closings)
  return [...parts, `<p>${filler.fill(closing)}</p>`].join('\n')
}
