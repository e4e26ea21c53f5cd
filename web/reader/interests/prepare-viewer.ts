// What the server should know of a viewer before their first page is ranked: the language of an English interface, and for a reader
// who has just signed in what this device had chosen.

import { callApi } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import { LANGUAGE, OTHER_LANGUAGE } from '../../shared/language.ts'
import { permanentStorage } from '../../shared/storage.ts'
import type { CallApi } from '../api/load-page.ts'
import type { Dials } from '../api/types.ts'

export type DialChoices = Partial<Pick<Dials, 'interests' | 'language'>>

export const saveDials = (choices: DialChoices) => patchDials(callApi, choices)

const patchDials = (call: CallApi, body: DialChoices) => call<Dials>('dials', { generation: 'v1', method: 'PATCH', body })

/** Whether this device has chosen anything; the readers who have it already. */
const HAS_CHOSEN = 'device-chose'
const CARRIED_TO = 'carried-to'

export const noteDeviceChose = () => permanentStorage.set(HAS_CHOSEN, true)

/** Resolves in any case: without it the page is ranked all the same. */
export async function prepareViewer(call: CallApi, viewer: string): Promise<void> {
  try {
    if (viewer === 'device') await tellLanguage(call)
    else await carryOver(call, viewer)
  } catch {}
}

/** Of the interface, and of what is recommended, as if the browser had the other one. */
export async function switchLanguage(): Promise<void> {
  permanentStorage.set('language', OTHER_LANGUAGE)
  const told = () => currentViewer() === 'device' && permanentStorage.set(TOLD, OTHER_LANGUAGE)
  await saveDials({ language: preferred(OTHER_LANGUAGE) }).then(told, () => {}) // else a device tells it later
  location.reload()
}

/** The language of the interface when this device told the server last. A reader who switches it has dials of their own. */
const TOLD = 'language-told'
/** What the server takes for the choice of a device that has told nothing. */
const UNTOLD: typeof LANGUAGE = 'zh-CN'

const preferred = (language: typeof LANGUAGE) => (language === 'en' ? 'en' : null)

async function tellLanguage(call: CallApi): Promise<void> {
  if ((permanentStorage.get(TOLD) ?? UNTOLD) === LANGUAGE) return
  await patchDials(call, { language: preferred(LANGUAGE) })
  permanentStorage.set(TOLD, LANGUAGE)
  noteDeviceChose()
}

/** What a reader has chosen before, on another device, stays. */
async function carryOver(call: CallApi, reader: string): Promise<void> {
  const done = permanentStorage.get<string[]>(CARRIED_TO) ?? []
  if (!permanentStorage.get(HAS_CHOSEN) || done.includes(reader)) return
  const [ofDevice, own] = await Promise.all([
    call<Dials>('dials', { generation: 'v1', asGuest: true }),
    call<Dials>('dials', { generation: 'v1' }),
  ])
  const choices: DialChoices = {}
  if (own.interests.length === 0 && ofDevice.interests.length > 0) choices.interests = ofDevice.interests
  if (own.language === null && ofDevice.language !== null) choices.language = ofDevice.language
  if (Object.keys(choices).length > 0) await patchDials(call, choices)
  permanentStorage.set(CARRIED_TO, [...done, reader])
}
