import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '../../base/problem.ts'
import { createPasswordQueue, TRUSTED } from './password-queue.ts'

/** A queue whose checks last until `finish` is called, and take no time. */
function createSteppedQueue() {
  const queue = createPasswordQueue({ now: () => 0 })
  const running: { name: string; finish: () => void }[] = []
  const started: string[] = []
  const refused: string[] = []
  const enter = (name: string, attempts: number) =>
    void queue(attempts, () => {
      started.push(name)
      return new Promise<void>(resolve => running.push({ name, finish: resolve }))
    }).catch(err => {
      assert.ok(err instanceof Problem && err.kind === 'unavailable')
      refused.push(name)
    })
  const settle = () => new Promise(resolve => setImmediate(resolve))
  async function finishOne(): Promise<void> {
    running.shift()?.finish()
    await settle()
  }
  return { enter, running, started, refused, finishOne, settle }
}

test('sixty guessing clients and a right password from another: it is checked next', async () => {
  const { enter, started, finishOne, settle } = createSteppedQueue()
  for (let guesser = 0; guesser < 60; guesser++) enter(`guess ${guesser}`, guesser % 10)
  enter('right', 0)
  await settle()
  assert.deepEqual(started, ['guess 0'])
  await finishOne()
  assert.deepEqual(started, ['guess 0', 'right'])
})

test('a sign-in from a known network comes before any number of clients that try for the first time', async () => {
  const { enter, started, finishOne } = createSteppedQueue()
  for (let client = 0; client < 20; client++) enter(`new ${client}`, 0)
  enter('known', TRUSTED)
  for (let client = 20; client < 100; client++) enter(`new ${client}`, 0)
  await finishOne()
  assert.equal(started[1], 'known')
})

test('in any order of arrivals, one password is checked at a time, the fewest attempts first, and each is checked or refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -1, max: 12 }) }, { weight: 1, arbitrary: fc.constant('finish') }), {
        maxLength: 100,
        size: 'max',
      }),
      async steps => {
        const { enter, running, started, refused, finishOne, settle } = createSteppedQueue()
        const entered = new Map<string, number>()
        const attemptsOf = (name: string) => entered.get(name) as number
        const waiting = () => [...entered.keys()].filter(name => !started.includes(name) && !refused.includes(name))
        for (const [i, step] of steps.entries()) {
          if (step === 'finish') {
            const before = waiting()
            await finishOne()
            const next = started.at(-1) as string
            if (before.includes(next)) for (const other of before) assert.ok(attemptsOf(next) <= attemptsOf(other))
          } else {
            const refusedBefore = refused.length
            entered.set(String(i), step as number)
            enter(String(i), step as number)
            await settle()
            const last = refused[refusedBefore]
            if (last !== undefined) for (const other of waiting()) assert.ok(attemptsOf(last) >= attemptsOf(other))
          }
          assert.ok(running.length <= 1 && waiting().length <= 32)
        }
        while (running.length > 0) await finishOne()
        assert.equal(started.length + refused.length, entered.size)
      },
    ),
    { numRuns: 20 },
  )
})

test('between two guesses the core rests for as long as a check took; a first attempt does not wait for that', async () => {
  let time = 0
  const queue = createPasswordQueue({ now: () => time })
  const order: string[] = []
  const check = (name: string) => async () => {
    order.push(name)
    time += 100
  }
  const second = queue(1, check('first guess')).then(() => queue(2, check('second guess')))
  await new Promise(resolve => setImmediate(resolve))
  await queue(0, check('first attempt'))
  assert.deepEqual(order, ['first guess', 'first attempt'])
  time += 100
  await second
  assert.deepEqual(order, ['first guess', 'first attempt', 'second guess'])
})
