// Whether this browser shows notices while no page is open. Off until the reader asks for it.

import { callApi } from '../../shared/api/client.ts'
import { startServiceWorker } from '../offline/kept-articles.ts'

const PATH = 'web-push/subscriptions'

/** False in browsers without it, and on pages without HTTPS. */
export const canPush = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

/** If so, the server is told again: it deletes subscriptions that fail for days. */
export async function isPushOn(): Promise<boolean> {
  const subscription = await findSubscription()
  if (subscription) await announce(subscription).catch(() => {})
  return subscription !== undefined
}

/** False if the reader does not allow notifications. Rejects if the push service or the server cannot be reached. */
export async function startPush(): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false
  const { public_key } = await callApi<{ public_key: string }>('web-push/key', { generation: 'v1' })
  await startServiceWorker()
  const { pushManager } = await navigator.serviceWorker.ready
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: public_key })
  try {
    await announce(subscription)
  } catch (err) {
    await subscription.unsubscribe()
    throw err
  }
  return true
}

/** The browser is told first: should the server not hear of it, its next message to the push service is refused. */
export async function endPush(): Promise<void> {
  const subscription = await findSubscription()
  if (!subscription) return
  await subscription.unsubscribe()
  await callApi(PATH, { generation: 'v1', method: 'DELETE', body: { endpoint: subscription.endpoint } }).catch(() => {})
}

/** Who signs out gets no more of their notices here. They have no token any more, so the server learns it from the push service. */
export async function forgetPush(): Promise<void> {
  await (await findSubscription())?.unsubscribe()
}

const announce = (subscription: PushSubscription) => callApi(PATH, { generation: 'v1', method: 'POST', body: subscription })

async function findSubscription(): Promise<PushSubscription | undefined> {
  if (!canPush()) return undefined
  const registration = await navigator.serviceWorker.getRegistration()
  return (await registration?.pushManager.getSubscription()) ?? undefined
}
