// Keeps a socket open while a reader is signed in. A push says "look": what it is about is then loaded. After a reconnect
// everything is looked at, because pushes may have been missed.

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { currentTokens, useAccessToken } from '../../shared/api/session.ts'
import { coalesce } from '../../shared/coalesce.ts'
import { createStore } from '../../shared/store.ts'
import { chatsKey, groupsQuery, unreadQuery } from './inbox-queries.ts'

/** A popular author gets many likes a second. Readers look at a badge less often than this. */
const PAUSE_MS = 500

/** How many articles each channel has got since its feed was refreshed. */
const newArticles = createStore<Record<string, number>>({})

export const useNewArticles = (channel: number): number =>
  useSyncExternalStore(newArticles.subscribe, () => newArticles.get()[channel] ?? 0)
export const forgetNewArticles = (channel: number): void => newArticles.set({ ...newArticles.get(), [channel]: 0 })

function addNewArticles(channels: Record<string, number>): void {
  const known = newArticles.get()
  newArticles.set({ ...known, ...Object.fromEntries(Object.entries(channels).map(([id, count]) => [id, (known[id] ?? 0) + count])) })
}

/** Nobody reads faster, and a message that is waited for comes at once: the first look does. */
const CHAT_PAUSE_MS = 200

export function useLiveUpdates(viewer: string): void {
  const client = useQueryClient()
  const token = useAccessToken()
  useEffect(() => {
    if (token === undefined) return
    let close = () => {}
    let closed = false
    // Loaded when a reader needs it.
    const parts = [import('socket.io-client'), import('./delivery.ts'), import('../chat/outbox.ts')] as const
    const start = async () => {
      const [{ io }, delivery, { sendAllAgain }] = await Promise.all(parts)
      if (closed) return
      const socket = io({
        transports: ['websocket', 'polling'],
        tryAllTransports: true,
        auth: send => send({ token: currentTokens()?.token }),
      })
      const look = coalesce(() => refetch(client, viewer), PAUSE_MS)
      const lookAtChats = coalesce(() => client.invalidateQueries({ queryKey: chatsKey(viewer) }), CHAT_PAUSE_MS)
      socket.on('connect', look)
      socket.on('connect', () => {
        lookAtChats()
        delivery.confirmMissed(client, viewer).catch(() => {}) // the next message confirms those before it
        void sendAllAgain(viewer)
      })
      socket.on('chat', push => {
        lookAtChats()
        delivery.confirmDelivery(viewer, push)
      })
      socket.on('notice', look)
      socket.on('new articles', ({ channels }) => addNewArticles(channels))
      close = () => {
        socket.io.reconnection(false)
        // Browsers complain of a WebSocket that is closed while it is being opened.
        if (socket.connected) socket.disconnect()
        else socket.once('connect', () => socket.disconnect())
      }
    }
    start().catch(() => {}) // without a network: the page that is opened next tries again
    return () => {
      closed = true
      close()
    }
  }, [client, viewer, token])
}

/** Resolves when what is on the screen is new, or could not be loaded. */
async function refetch(client: QueryClient, viewer: string): Promise<void> {
  await Promise.all([unreadQuery(viewer), groupsQuery(viewer)].map(({ queryKey }) => client.invalidateQueries({ queryKey })))
}
