// The usual channels have a name in either language. Any other is called as its server calls it.

import { LANGUAGE, languageOf } from '../../shared/language.ts'
import type { Channel } from './types.ts'

/** The channel of what is recommended, among those of the server. */
export const RECOMMENDED = 0

const NAMES: readonly (readonly [zh: string, en: string])[] = [
  ['推荐', 'For you'],
  ['科技', 'Technology'],
  ['财经', 'Business'],
  ['体育', 'Sport'],
  ['娱乐', 'Film and TV'],
  ['美食', 'Food'],
  ['旅行', 'Travel'],
  ['健康', 'Health'],
  ['汽车', 'Cars'],
  ['教育', 'Education'],
  ['人文', 'Heritage'],
  ['国际', 'World'],
  ['科学', 'Science'],
  ['文化', 'Culture'],
]

export function nameChannel<Named extends Channel>(channel: Named): Named {
  const pair = NAMES.find(names => names.includes(channel.name))
  return pair ? { ...channel, name: pair[LANGUAGE === 'en' ? 1 : 0] } : channel
}

/** The channels of a device are in no order of its own: those in the language of the interface come first, after the recommended one. */
export const ownLanguageFirst = <Named extends Channel>(channels: Named[]): Named[] =>
  channels.toSorted((a, b) => distance(a) - distance(b))

/** Of a channel as the server calls it: its name is in the language of its articles. */
const distance = ({ id, name }: Channel) => (id === RECOMMENDED ? 0 : languageOf(name) === LANGUAGE ? 1 : 2)
