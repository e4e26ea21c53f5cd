// Loads what the front page shows. first-page.ts does so before the app's own client is loaded, hence `call`.

import type { ApiRequest } from '../../shared/api/request.ts'
import { prepareViewer } from '../interests/prepare-viewer.ts'
import type { Channel, FullPage, Page } from './types.ts'

export type CallApi = <Data>(path: string, request?: ApiRequest) => Promise<Data>

export async function loadPage(call: CallApi, channel: number, timestamp: number, signal?: AbortSignal): Promise<Page> {
  const path = `articles?channel_id=${channel}&timestamp=${timestamp}&with_top=1&explain=1&dek=1`
  const page = await call<FullPage>(path, { signal })
  return { ...page, results: page.results.map(card => ({ ...card, trace: { click: card.trace.click } })) }
}

export async function loadFirstPage(call: CallApi, viewer: string, channel: number, signal?: AbortSignal): Promise<Page> {
  await prepareViewer(call, viewer)
  return loadPage(call, channel, Date.now(), signal)
}

export const loadChannels = (call: CallApi, signal?: AbortSignal) =>
  call<{ channels: Channel[] }>('user/channels', { signal }).then(({ channels }) => channels)
