// Words that name a channel in either language, because channels have names in one.

import { languageOf } from '../../base/language.ts'

export interface NamedChannel {
  id: number
  name: string
}

/** Words of one line are names of the same channel. */
const NAMES: string[][] = [
  ['科技', '技术', '数码', '互联网', 'technology', 'tech', 'gadgets'],
  ['财经', '经济', '金融', '商业', '股市', '理财', 'finance', 'financial', 'economy', 'economic', 'business', 'money'],
  ['体育', '运动', '赛事', 'sports', 'sport'],
  ['娱乐', '明星', '影视', '八卦', 'entertainment', 'celebrity', 'showbiz'],
  ['美食', '吃的', '做饭', '烹饪', 'food', 'cooking', 'recipes'],
  ['旅行', '旅游', '出游', 'travel', 'tourism', 'trips'],
  ['健康', '养生', '医疗', 'health', 'wellness'],
  ['汽车', '车市', 'cars', 'car', 'automotive', 'autos'],
  ['教育', '学校', 'education', 'schools'],
  ['人文', '历史', 'humanities', 'heritage', 'history'],
  ['国际', '世界', '全球', '海外', 'world', 'international', 'global'],
  ['科学', '科研', 'science', 'scientific'],
  ['文化', '艺术', 'culture', 'cultural', 'arts'],
]

const isChinese = (word: string) => languageOf(word) === 'zh'

/** The channel that the text names, and the text without its name. The longest name counts. */
export function findChannel<C extends NamedChannel>(text: string, channels: C[]): { channel: C | undefined; rest: string } {
  let found: { channel: C; at: number; word: string } | undefined
  for (const channel of channels) {
    const own = channel.name.toLowerCase()
    for (const word of [own, ...NAMES.filter(names => names.includes(own)).flat()]) {
      const at = placeOf(word, text)
      // The channel of that very name, rather than another one of the same line.
      const isBetter = !found || word.length > found.word.length || (word.length === found.word.length && word === own)
      if (at >= 0 && isBetter) found = { channel, at, word }
    }
  }
  if (!found) return { channel: undefined, rest: text }
  const { channel, at, word } = found
  return { channel, rest: `${text.slice(0, at)} ${text.slice(at + word.length)}`.trim() }
}

function placeOf(word: string, text: string): number {
  if (isChinese(word)) return text.indexOf(word)
  return text.search(new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(word)}(?![\\p{L}\\p{N}])`, 'u'))
}
