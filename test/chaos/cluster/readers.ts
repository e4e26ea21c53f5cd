// Simulated readers behind a load balancer: each keeps its connections, alternates between the API processes, and stops using
// a process that closed the connection.

import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import type { TestContext } from 'node:test'
import type { HttpAnswer } from '../../support/http-request.ts'
import type { ServerProcess } from '../../support/server-process.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'

const READERS = 2
const REST_MS = 40 // between two requests of a reader
const ANSWERS_WANTED = 10 // enough for a failure to show

export interface Readers {
  /** Waits for ten more answers. Fails when no process answers. */
  waitForAnswers(): Promise<void>
  /** Lets readers use all processes again, after those that were stopped are back. */
  reconnect(): void
  /** Stops, and fails if any answer was not a 200. */
  stop(): Promise<void>
}

export const feedPath = () => `/app/v1_1/articles?channel_id=1&timestamp=${Date.now()}&with_top=0`

/** `apis` is called before each request: a process that was started again is another object. */
export function startReaders(t: TestContext, apis: () => ServerProcess[]): Readers {
  const answers: string[] = []
  const closed = new Set<string>()
  let retries = 0
  let stopped = false
  const all = Promise.all(Array.from({ length: READERS }, (_, nth) => read(nth)))
  all.catch(() => {}) // stop() and waitForAnswers() report a failure
  t.after(() => {
    stopped = true
  })

  async function read(nth: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let turn = nth; !stopped; turn++) {
      const all = apis()
      const { url } = all[turn % all.length] as ServerProcess
      if (closed.has(url)) {
        await pause(REST_MS)
        continue
      }
      const path = turn % 3 ? feedPath() : '/app/v1_0/channels'
      let answer = await send(url, path, agent)
      // On a busy machine PostgreSQL may answer too late. A client that gets a 503 then tries again, once.
      if (answer !== 'closed' && answer.status === 503 && !answer.closes) {
        retries++
        await pause(1_000)
        answer = await send(url, path, agent)
      }
      if (answer === 'closed' || answer.closes) closed.add(url)
      if (answer !== 'closed') answers.push(answer.status === 200 ? 'OK' : `${answer.status} ${answer.body}`)
      assert.ok(closed.size < all.length, 'every API process closed its connections')
      await pause(REST_MS)
    }
    agent.destroy()
  }

  return {
    async waitForAnswers() {
      const before = answers.length
      await Promise.race([
        all,
        eventually(
          () => answers.length - before,
          count => count >= ANSWERS_WANTED,
        ),
      ])
    },
    reconnect: () => closed.clear(),
    async stop() {
      stopped = true
      await all
      t.diagnostic(`${answers.length} requests, ${retries} retries after a 503`)
      assert.ok(answers.length > ANSWERS_WANTED)
      assert.deepEqual(
        answers.filter(answer => answer !== 'OK'),
        [],
      )
    },
  }
}

/**
 * `closed`: the port does not listen, or a kept connection was closed just before it was used again. No part of the request
 * was answered then, so a load balancer sends it elsewhere. Any other failure rejects.
 */
function send(url: string, path: string, agent: Agent): Promise<'closed' | HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { agent, signal: AbortSignal.timeout(3 * PATIENCE_MS) }, answer => {
      let body = ''
      answer.setEncoding('utf8').on('data', piece => {
        body += piece
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, closes: answer.headers.connection === 'close', body }))
    })
    sent.on('error', (err: NodeJS.ErrnoException) => {
      if (err.code === 'ECONNREFUSED' || (err.code === 'ECONNRESET' && sent.reusedSocket)) resolve('closed')
      else reject(err)
    })
    sent.end()
  })
}
