// Pairs of readers chat, while the process that serves them and their sockets is killed again and again.

import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'
import { type ChatClient, type Message, openChatClient, type Reader } from './clients.ts'
import type { ChatWorld } from './readers.ts'

const AFTER_KILL_MS = 300 // chatting between two kills
const RECONNECT_MS = 6 * PATIENCE_MS // two hundred clients at once

interface Size {
  pairs: number
  kills: number
  /** Between two messages of a reader, on average. */
  restMs: number
}

/** Returns figures. */
export async function killWhilePairsChat(
  { db, url, readers, killAndStart }: Pick<ChatWorld, 'db' | 'url' | 'readers' | 'killAndStart'>,
  { pairs: count, kills, restMs }: Size,
) {
  const pairs = Array.from({ length: count }, (_, i) => [readers[2 * i], readers[2 * i + 1]] as [Reader, Reader])
  const clients = pairs.map(([a, b]) => [openChatClient(url, a, b), openChatClient(url, b, a)] as [ChatClient, ChatClient])
  const all = clients.flat()
  // Both have written: a reader who gets no answer may write twenty messages only.
  await Promise.all(all.map(client => client.send()))
  await Promise.all(all.map(({ socket }) => socket.connected()))

  let stopped = false
  const chatting = Promise.all(
    all.map(async client => {
      while (!stopped) {
        await pause(2 * restMs * Math.random())
        await client.send()
      }
    }),
  )
  chatting.catch(() => {}) // it is awaited below, when the kills are over
  try {
    for (let i = 0; i < kills; i++) {
      await pause(AFTER_KILL_MS)
      await killAndStart()
      await eventually(
        () => all.filter(({ socket }) => !socket.isConnected()).length,
        away => away === 0,
        RECONNECT_MS,
      )
    }
  } finally {
    stopped = true // those who chat would never end
  }
  await chatting

  for (const [i, pair] of clients.entries()) await assertSame(pairs[i] as [Reader, Reader], pair)
  const sum = (of: (client: ChatClient) => number) => all.reduce((so, client) => so + of(client), 0)
  all.forEach(({ socket }) => socket.close())
  return {
    acknowledged: sum(client => client.acknowledged.length),
    sentAgain: sum(client => client.repeats()),
    reconnects: sum(({ socket }) => socket.connects() - 1),
  }

  /** Both sides show the rows, each once and in their order, with all that was acknowledged; and the receipts are those of the rows. */
  async function assertSame([a, b]: [Reader, Reader], sides: [ChatClient, ChatClient]): Promise<void> {
    await sides[0].look()
    await sides[1].look()
    const { rows } = await sql<Message>`
      select seq, m.id::text as id, client_id from chat_message m join chat_side side using (chat_id)
       where side.reader_id = ${a.id}::bigint and side.peer_id = ${b.id}::bigint order by seq`.execute(db)
    for (const { shown } of sides) assert.deepEqual(shown, rows)
    assert.equal(new Set(rows.map(({ client_id }) => client_id)).size, rows.length)
    const sent = sides.flatMap(({ acknowledged }) => acknowledged).toSorted((one, other) => one.seq - other.seq)
    assert.deepEqual(sent, rows, 'every message was sent until it was acknowledged')
    await sides[0].look() // what the other one has confirmed since
    for (const [i, [self, peer]] of (
      [
        [a, b],
        [b, a],
      ] as const
    ).entries()) {
      const { rows: receipts } = await sql<{ delivered: number; read: number }>`
        select delivered_seq as delivered, read_seq as read from chat_side
         where reader_id = ${peer.id}::bigint and peer_id = ${self.id}::bigint`.execute(db)
      assert.deepEqual(sides[i]?.receipts(), receipts[0])
      assert.equal(receipts[0]?.read, rows.length)
    }
  }
}
