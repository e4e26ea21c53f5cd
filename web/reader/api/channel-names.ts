// The usual channels have a name in either language. Any other is called as its server calls it.

import { USUAL_CHANNELS } from '../../../src/base/usual-channels.ts'
import { LANGUAGE, languageOf } from '../../shared/language.ts'
import type { Channel } from './types.ts'

/** The channel of what is recommended, among those of the server. */
export const RECOMMENDED = 0

export function nameChannel<Named extends Channel>(channel: Named): Named {
  const pair = USUAL_CHANNELS.find(names => names.includes(channel.name))
  return pair ? { ...channel, name: pair[LANGUAGE === 'en' ? 1 : 0] } : channel
}

/** The channels of a device are in no order of its own: those in the language of the interface come first, after the recommended one. */
export const ownLanguageFirst = <Named extends Channel>(channels: Named[]): Named[] =>
  channels.toSorted((a, b) => distance(a) - distance(b))

/** Of a channel as the server calls it: its name is in the language of its articles. */
const distance = ({ id, name }: Channel) => (id === RECOMMENDED ? 0 : languageOf(name) === LANGUAGE ? 1 : 2)
