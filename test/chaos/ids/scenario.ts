// Ids by many processes whose clocks are set back and forth.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { testDatabase } from '../../support/database.ts'

const FIXTURE = new URL('ids.fixture.ts', import.meta.url).pathname

function start(url: string, count: number) {
  const child = spawn(process.execPath, [FIXTURE, url, String(count)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', chunk => chunks.push(chunk))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  return {
    child,
    ended: once(child, 'close'),
    ids() {
      const bytes = Buffer.concat(chunks)
      return new BigUint64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    },
    refused: () => Number(/(\d+) refused/.exec(said)?.[1] ?? Number.NaN),
    said: () => said,
  }
}

function assertUnique(lists: BigUint64Array[]): number {
  const all = new BigUint64Array(lists.reduce((sum, list) => sum + list.length, 0))
  let end = 0
  for (const list of lists) {
    for (let i = 1; i < list.length; i++) assert.ok((list[i] as bigint) > (list[i - 1] as bigint), 'each process counts upwards')
    all.set(list, end)
    end += list.length
  }
  all.sort()
  for (let i = 1; i < all.length; i++) assert.notEqual(all[i], all[i - 1], `${all[i]} was made twice`)
  return all.length
}

/** R18, R19. */
export async function manyIds({ processes, each }: { processes: number; each: number }): Promise<string> {
  const { url } = await testDatabase()
  const running = Array.from({ length: processes }, () => start(url, each))
  await Promise.all(running.map(({ ended }) => ended))
  const lists = running.map(one => one.ids())
  for (const [i, list] of lists.entries()) assert.equal(list.length, each, running[i]?.said())
  const count = assertUnique(lists)
  for (const list of lists)
    for (const id of list.subarray(0, 1_000)) assert.equal(BigInt(JSON.parse(JSON.stringify({ id: String(id) })).id), id)
  const refused = running.reduce((sum, one) => sum + one.refused(), 0)
  assert.ok(refused > 0, 'a clock that is an hour or a minute off makes no ids')
  return `${processes} processes, ${count} ids while clocks stepped by −1 s, −3 s, −60 s and +1 h: 0 duplicates, ${refused} refusals`
}
