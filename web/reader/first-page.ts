// Asks for the first page of the feed, and the channels, while the app is still loading, which takes a phone a second. It stands in the
// page itself, with a copy of what it needs of the app (src/app/web/build.ts). feedQuery and channelsQuery take what it gets.

import { sendForData } from '../shared/api/request.ts'
import { currentTokens, currentViewer, deviceHeader } from '../shared/api/session.ts'
import { canStore, tabStorage } from '../shared/storage.ts'
import { type CallApi, loadChannels, loadFirstPage } from './api/load-page.ts'
import { FEED_PATH } from './feed/feed-path.ts'

/** Renews no token: the app does that, and tells its reader if the session has ended. */
const call: CallApi = (path, request = {}) => {
  const token = request.asGuest ? undefined : currentTokens()?.token
  return sendForData(path, request, token ? `Bearer ${token}` : deviceHeader())
}

const path = FEED_PATH.exec(location.pathname)?.groups
// A reload shows the pages that were loaded. Where nothing can be stored, this script and the app are two devices to the server.
if (path && !path.popular && canStore() && !tabStorage.has('queries')) {
  const viewer = currentViewer()
  const channel = Number(path.channel ?? 0)
  const page = loadFirstPage(call, viewer, channel).catch(() => undefined)
  const channels = loadChannels(call).catch(() => undefined)
  const early: typeof window.early = { viewer, channel, page, channels, answered: {} }
  window.early = early
  void channels.then(loaded => {
    early.answered.channels = loaded
  })
  void page.then(loaded => {
    early.answered.page = loaded
    const [picture] = loaded?.results[0]?.cover.images ?? []
    if (picture) new Image().src = picture
  })
}
