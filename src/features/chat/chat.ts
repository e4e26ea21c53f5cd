// The assistant behind the contract's channel `message`. It cannot talk yet, and says so.

import type { Clock } from '../../base/clock.ts'
import type { SocketHandler } from '../../http/sockets/handler.ts'

const ANSWER = '聊天助手还没有开通，暂时无法回答。The assistant cannot talk yet.'

/** Any text is answered, nothing else is. Clients show the answer as it comes. */
export function createAssistant({ clock }: { clock: Clock }): SocketHandler {
  return message => {
    const text = (message as { msg?: unknown } | null | undefined)?.msg
    if (typeof text !== 'string' || text.trim() === '') return undefined
    return { msg: ANSWER, timestamp: Math.floor(clock() / 1_000) }
  }
}
