// Many processes make ids while their clocks are set back and forth. id-process.ts is one of them.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { testDatabase } from '../../support/database.ts'

const ID_PROCESS = join(import.meta.dirname, 'id-process.ts')

function start(url: string, count: number) {
  const child = spawn(process.execPath, [ID_PROCESS, url, String(count)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', chunk => chunks.push(chunk))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  return {
    exited: once(child, 'close'),
    ids() {
      const bytes = Buffer.concat(chunks)
      return new BigUint64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    },
    refusals: () => Number(/(\d+) refused/.exec(stderr)?.[1] ?? Number.NaN),
    stderr: () => stderr,
  }
}

/** Fails unless each process's ids ascend and no id occurs twice. Returns their number. */
function assertUnique(idsByProcess: BigUint64Array[]): number {
  const all = new BigUint64Array(idsByProcess.reduce((sum, ids) => sum + ids.length, 0))
  let end = 0
  for (const ids of idsByProcess) {
    for (let i = 1; i < ids.length; i++) assert.ok((ids[i] as bigint) > (ids[i - 1] as bigint), 'the ids of a process ascend')
    all.set(ids, end)
    end += ids.length
  }
  all.sort()
  for (let i = 1; i < all.length; i++) assert.notEqual(all[i], all[i - 1], `${all[i]} was made twice`)
  return all.length
}

/** R18, R19. */
export async function makeIds({ processes, idsEach }: { processes: number; idsEach: number }): Promise<string> {
  const { url } = await testDatabase()
  const running = Array.from({ length: processes }, () => start(url, idsEach))
  await Promise.all(running.map(({ exited }) => exited))
  const idsByProcess = running.map(one => one.ids())
  for (const [i, ids] of idsByProcess.entries()) assert.equal(ids.length, idsEach, running[i]?.stderr())
  const count = assertUnique(idsByProcess)
  for (const ids of idsByProcess)
    for (const id of ids.subarray(0, 1_000)) assert.equal(BigInt(JSON.parse(JSON.stringify({ id: String(id) })).id), id)
  const refusals = running.reduce((sum, one) => sum + one.refusals(), 0)
  assert.ok(refusals > 0, 'a process whose clock is a minute or an hour off makes no ids')
  return `${processes} processes, ${count} ids while clocks stepped by −1 s, −3 s, −60 s and +1 h: 0 duplicates, ${refusals} refusals`
}
