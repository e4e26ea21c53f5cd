// What the server should know of a viewer before their first page is ranked: the language of an English interface, and for a reader
// who has just signed in what this device had chosen.

import { callApi } from '../../shared/api/client.ts'
import { LANGUAGE } from '../../shared/language.ts'
import { permanentStorage } from '../../shared/storage.ts'
import type { Dials } from '../api/types.ts'

export type DialChoices = Partial<Pick<Dials, 'interests' | 'language'>>

export const saveDials = (body: DialChoices) => callApi<Dials>('dials', { generation: 'v1', method: 'PATCH', body })

/** Whether this device has chosen anything; the readers who have it already. */
const HAS_CHOSEN = 'device-chose'
const CARRIED_TO = 'carried-to'

export const noteDeviceChose = () => permanentStorage.set(HAS_CHOSEN, true)

/** Resolves in any case: without it the page is ranked all the same. */
export async function prepareViewer(viewer: string): Promise<void> {
  try {
    if (viewer === 'device') await tellLanguage()
    else await carryOver(viewer)
  } catch {}
}

async function tellLanguage(): Promise<void> {
  if (LANGUAGE !== 'en' || permanentStorage.get('language-told')) return
  await saveDials({ language: 'en' })
  permanentStorage.set('language-told', true)
  noteDeviceChose()
}

/** What a reader has chosen before, on another device, stays. */
async function carryOver(reader: string): Promise<void> {
  const done = permanentStorage.get<string[]>(CARRIED_TO) ?? []
  if (!permanentStorage.get(HAS_CHOSEN) || done.includes(reader)) return
  const [ofDevice, own] = await Promise.all([
    callApi<Dials>('dials', { generation: 'v1', asGuest: true }),
    callApi<Dials>('dials', { generation: 'v1' }),
  ])
  const choices: DialChoices = {}
  if (own.interests.length === 0 && ofDevice.interests.length > 0) choices.interests = ofDevice.interests
  if (own.language === null && ofDevice.language !== null) choices.language = ofDevice.language
  if (Object.keys(choices).length > 0) await saveDials(choices)
  permanentStorage.set(CARRIED_TO, [...done, reader])
}
