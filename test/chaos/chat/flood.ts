// One reader sends as many messages as their client can, while two others chat.

import { sql } from 'kysely'
import { residentMb } from '../../support/data-folder-processes.ts'
import { fetchAnswer } from '../../support/http-answer.ts'
import { pause } from '../../support/waiting.ts'
import type { Reader } from './clients.ts'
import type { ChatWorld } from './readers.ts'

const AT_ONCE = 100 // requests of the one who floods
const OTHERS_MS = 600 // between two messages of the others, who stay below their own limit

export const FLOOD_READERS = 4

/** By the last of the readers. `statuses`: how many messages of the flood were answered so. `others`: the answers to the two who chat. */
export async function floodWithMessages({ db, url, readers, server }: ChatWorld, count: number) {
  const [mallory, bob, alice, carol] = readers.slice(-FLOOD_READERS) as [Reader, Reader, Reader, Reader]
  let names = 0
  const send = async (from: Reader, to: Reader): Promise<number> => {
    const body = { client_id: String(names++), text: 'x'.repeat(2_000) }
    const headers = { authorization: `Bearer ${from.token}` }
    return (await fetchAnswer(url, 'POST', `/v1/chats/${to.id}/messages`, body, { headers })).status
  }
  await send(bob, mallory) // who has an answer may go on

  const statuses: Record<number, number> = {}
  let started = 0
  let earlyMb = 0
  const began = performance.now()
  const flooding = Array.from({ length: AT_ONCE }, async () => {
    while (started < count) {
      if (started++ === Math.floor(count / 5)) earlyMb = residentMb(server().pid)
      const status = await send(mallory, bob)
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  })
  const others: { status: number; ms: number }[] = []
  const chatting = (async () => {
    while (started < count) {
      const at = performance.now()
      const status = await (others.length % 2 ? send(carol, alice) : send(alice, carol))
      others.push({ status, ms: Math.round(performance.now() - at) })
      await pause(OTHERS_MS)
    }
  })()
  await Promise.all([...flooding, chatting])
  const seconds = Math.round((performance.now() - began) / 1_000)
  const lateMb = residentMb(server().pid)
  const { rows } = await sql<{ stored: number }>`
    select count(*)::int as stored from chat_message where sender_id = ${mallory.id}::bigint`.execute(db)
  return { seconds, statuses, stored: rows[0]?.stored ?? 0, others, earlyMb, lateMb }
}
