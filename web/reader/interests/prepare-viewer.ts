// What the server should know of a viewer before their first page is ranked: the language of an English interface, and for a reader
// who has just signed in what this device had chosen.

import { callApi } from '../../shared/api/client.ts'
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
  const told = () => permanentStorage.set('language-told', true)
  await saveDials({ language: OTHER_LANGUAGE === 'en' ? 'en' : null }).then(told, () => {}) // else it is told later
  location.reload()
}

async function tellLanguage(call: CallApi): Promise<void> {
  if (LANGUAGE !== 'en' || permanentStorage.get('language-told')) return
  await patchDials(call, { language: 'en' })
  permanentStorage.set('language-told', true)
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
