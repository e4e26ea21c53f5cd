import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../base/seeded-random.ts'
import { closingsEn, wordsEn } from './content/common-en.ts'
import { closingsZh, wordsZh } from './content/common-zh.ts'
import { TOPICS } from './content/topics.ts'
import { createTemplateFiller } from './template.ts'

const createFiller = (words: Record<string, string[]>, english = false) =>
  createTemplateFiller({ random: createSeededRandom(1), words, english })

test('a slot has the same word or number throughout an article', () => {
  const { fill } = createFiller({ city: ['云汀', '临溪', '青屿'] })
  const title = fill('{city}：{n:3-400}天')
  assert.equal(fill('{city}：{n:3-400}天'), title)
  assert.equal(fill('{city}：{n}天'), title)
  assert.match(title, /^(云汀|临溪|青屿)：\d+天$/)
})

test('{city2} is never the same word as {city}', () => {
  for (let i = 0; i < 50; i++) {
    const { fill } = createTemplateFiller({ random: createSeededRandom(i), words: { city: ['云汀', '临溪'] }, english: false })
    assert.notEqual(fill('{city2}'), fill('{city}'))
  }
})

test('English sentences begin with a capital letter, inside quotation marks too', () => {
  const { fill } = createFiller({ body: ['the council'] }, true)
  assert.equal(fill('{body} met. {body} agreed: “{body} is late.”'), 'The council met. The council agreed: “the council is late.”')
  assert.equal(fill('“{body} is late.”'), '“The council is late.”')
})

test('every template of every topic finds its words', () => {
  for (const topic of TOPICS) {
    const zh = topic.language === 'zh'
    for (const story of topic.stories)
      for (const title of story.titles)
        for (const lead of story.leads) {
          const { fill } = createTemplateFiller({
            random: createSeededRandom(title, lead),
            words: { ...(zh ? wordsZh : wordsEn), ...topic.words },
            english: !zh,
          })
          const rest = [...story.body, ...topic.quotes, ...topic.closings, ...(zh ? closingsZh : closingsEn)]
          for (const text of [title, lead, ...rest]) assert.doesNotMatch(fill(text), /[{}]|undefined/)
        }
  }
})
