// Sensitive words at speed: 20,000 words over 10 MB of headlines and of generated text, beside the automaton alone, which gets
// text that is folded already. Also: how many of 200 disguised spellings are found, and what is found in headlines by mistake.

import { createSeededRandom } from '../src/base/seeded-random.ts'
import { createAutomaton } from '../src/engines/words/automaton.ts'
import { readDisguised } from '../src/engines/words/disguised.fixture.ts'
import { fold, foldedText } from '../src/engines/words/fold.ts'
import { createWordMatcher, type WordToFind } from '../src/engines/words/word-matcher.ts'
import { median, type Report, round } from './report.ts'
import { readHeadlines } from './search-world.ts'

const WORDS = 20_000
const BYTES = 10_000_000
const ROUNDS = 5
/** Of the words, those that are also found by sound. */
const SOUND_SHARE = 0.05

export async function measure(): Promise<Report> {
  const headlines = await readHeadlines()
  const { next: random } = createSeededRandom(1)
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T
  const characters = [...headlines.join('')].filter(character => /\p{sc=Han}/u.test(character))
  const word = () => Array.from({ length: 2 + Math.floor(random() * 4) }, () => pick(characters)).join('')
  const words = new Set<string>()
  while (words.size < WORDS) words.add(word())
  const latin = () => Array.from({ length: 2 + Math.floor(random() * 8) }, () => pick([...'etaoinshrdlu'])).join('')
  const generated = () => Array.from({ length: 200 }, () => (random() < 0.5 ? `${latin()} ` : pick(characters))).join('')

  const rows: Report['rows'] = []
  const plain = matcherOf([...words], 0)
  const withSound = matcherOf([...words], SOUND_SHARE)
  const alone = createAutomaton([...new Set([...words].map(foldedText))])
  for (const [name, make] of [
    ['headlines', () => pick(headlines)],
    ['generated', generated],
  ] as const) {
    const { texts, bytes } = textsOf(make)
    const folded = texts.map(text => {
      const { units, length } = fold(text)
      return units.slice(0, length)
    })
    const ways: Record<string, () => number> = {
      'automaton alone': () => {
        let found = 0
        for (const units of folded) alone.scan(units, units.length, () => found++)
        return found
      },
      'words by spelling': () => texts.reduce((found, text) => found + plain.find(text).length, 0),
      '1 in 20 also by sound': () => texts.reduce((found, text) => found + withSound.find(text).length, 0),
    }
    const speeds: Record<string, number[]> = {}
    const found: Record<string, number> = {}
    for (let i = 0; i < ROUNDS; i++)
      for (const [way, run] of Object.entries(ways)) {
        const { seconds, result } = cpuTime(run)
        ;(speeds[way] ??= []).push(bytes / 1e6 / seconds)
        found[way] = result
      }
    for (const way of Object.keys(ways))
      rows.push({ text: name, way, 'MB/s': round(median(speeds[way] ?? [])), found: found[way] ?? 0, of: '', 'by mistake': '' })
  }
  rows.push(disguises(), mistakes('spelling', headlines, 0), mistakes('sound', headlines, 1))
  const load = `${WORDS} words of two to five characters over ${BYTES / 1e6} MB, median of ${ROUNDS} alternating rounds, processor time; ${headlines.length} headlines`
  return { load, rows }
}

const matcherOf = (words: string[], soundShare: number) =>
  createWordMatcher(words.map((word, i): WordToFind => ({ word, bySound: i < words.length * soundShare })))

function textsOf(make: () => string): { texts: string[]; bytes: number } {
  const texts: string[] = []
  let bytes = 0
  while (bytes < BYTES) {
    const text = make()
    texts.push(text)
    bytes += Buffer.byteLength(text)
  }
  return { texts, bytes }
}

function cpuTime(run: () => number): { seconds: number; result: number } {
  const before = process.cpuUsage()
  const result = run()
  const { user, system } = process.cpuUsage(before)
  return { seconds: (user + system) / 1e6, result }
}

function disguises(): Report['rows'][number] {
  const disguised = readDisguised()
  const words = [...new Set(disguised.map(({ word }) => word))]
  const matcher = matcherOf(words, 1)
  const found = disguised.filter(({ word, spelling }) => matcher.find(spelling).some(match => words[match.word] === word)).length
  return { text: 'disguised spellings', way: 'by spelling and sound', 'MB/s': '', found, of: disguised.length, 'by mistake': '' }
}

/** Headlines have no disguised words: one that is found and does not stand there as it is written is a mistake. */
function mistakes(name: string, headlines: string[], soundShare: number): Report['rows'][number] {
  const words = [...new Set(readDisguised().map(({ word }) => word)), '发票', '赌博', '毒品', '枪支', '裸照', 'sex', 'drug']
  const matcher = matcherOf(words, soundShare)
  let [found, wrong] = [0, 0]
  for (const headline of headlines) {
    const matches = matcher.find(headline)
    if (matches.length === 0) continue
    found++
    if (matches.every(({ word }) => !headline.toLowerCase().includes(words[word] as string))) wrong++
  }
  return { text: 'headlines', way: `${words.length} real words by ${name}`, 'MB/s': '', found, of: headlines.length, 'by mistake': wrong }
}
