// Who sends codes to mobile phones. The demo sender sends nothing, and its published code is valid; config.ts allows it only
// while no other machine reaches the server. Otherwise the operator's service is called (SMS_URL).

import { randomInt } from 'node:crypto'

export interface SmsSender {
  /** The code that is valid at any time; undefined if there is none. */
  demoCode: string | undefined
  createCode(): string
  /** False if the message could not be handed over. */
  send(mobile: string, code: string): Promise<boolean>
}

/** Existing clients and their tests depend on this code. */
export const DEMO_CODE = '246810'

const TIMEOUT_MS = 5_000

export const createDemoSender = (): SmsSender => ({ demoCode: DEMO_CODE, createCode: () => DEMO_CODE, send: async () => true })

/**
 * The address is the operator's setting, so it may be on a private network: base/public-address.ts guards addresses that clients name.
 * Only the status of the answer is read, and no redirect is followed.
 */
export function createWebhookSender(url: string): SmsSender {
  return {
    demoCode: undefined,
    createCode: () => String(randomInt(1_000_000)).padStart(6, '0'),
    async send(mobile, code) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mobile, code }),
        redirect: 'error', // else the answer could send the code to any address
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch(() => undefined)
      await response?.body?.cancel().catch(() => {}) // its status is the answer
      return response?.ok ?? false
    },
  }
}
