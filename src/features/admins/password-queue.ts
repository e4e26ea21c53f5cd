// Decides whose password is checked next. One is checked at a time: a check takes a quarter of a second of a core. Clients that
// keep guessing come after all others and use half of that core at most, so a right password from elsewhere waits for one check.

import { unavailable } from '../../base/problem.ts'

/** Clients that wait longer have usually disconnected. */
const WAIT_MAX_MS = 5_000
const WAITING_MAX = 32
const BUSY = 'Too many are signing in. Please try again.'

/** Of work without a guesser: a new password, or a sign-in from a network that has signed in before. */
export const TRUSTED = -1

interface Waiting {
  attempts: number
  start: () => void
  refuse: () => void
}

export type PasswordQueue = <T>(attempts: number, check: () => Promise<T>) => Promise<T>

/**
 * `attempts`: how many passwords the client has tried before, or TRUSTED. Fewer attempts go first; among equals the newest
 * does, because the older ones may have disconnected. If too many wait, the last in this order is refused.
 */
export function createPasswordQueue({ now = () => performance.now() } = {}): PasswordQueue {
  /** The next one is at the end. */
  const waiting: Waiting[] = []
  let isBusy = false
  let guessesFrom = 0
  let rest: NodeJS.Timeout | undefined

  function startNext(): void {
    clearTimeout(rest)
    const next = waiting.at(-1)
    if (isBusy || !next) return
    const pauseMs = next.attempts > 0 ? guessesFrom - now() : 0
    if (pauseMs > 0) rest = setTimeout(startNext, Math.ceil(pauseMs))
    else waiting.pop()?.start()
  }

  async function run<T>(check: () => Promise<T>): Promise<T> {
    isBusy = true
    const startedAt = now()
    try {
      return await check()
    } finally {
      isBusy = false
      guessesFrom = now() + (now() - startedAt)
      startNext()
    }
  }

  return (attempts, check) =>
    new Promise((resolve, reject) => {
      const refuse = () => {
        clearTimeout(patience)
        reject(unavailable(BUSY))
      }
      const patience = setTimeout(() => {
        waiting.splice(waiting.indexOf(entry), 1)
        refuse()
      }, WAIT_MAX_MS)
      const start = () => {
        clearTimeout(patience)
        run(check).then(resolve, reject)
      }
      const entry: Waiting = { attempts, start, refuse }
      const place = waiting.findIndex(other => other.attempts < attempts)
      waiting.splice(place < 0 ? waiting.length : place, 0, entry)
      if (waiting.length > WAITING_MAX) waiting.shift()?.refuse()
      startNext()
    })
}
