// How a process stops. The first signal aborts a start, or begins the drain: for a moment /readyz answers 503 and responses end
// their connections; then the parts close in the reverse order of their start (app.ts): HTTP and gRPC after the requests that
// have arrived (http/listen.ts, recommend/grpc/server.ts), then jobs, tasks and buffers, PostgreSQL last.

import { setTimeout as sleep } from 'node:timers/promises'

/** The process ends by itself when all is closed, at the latest after this. */
const SHUTDOWN_MS = 15_000
/** How long the process serves while /readyz says that it stops: load balancers look every few hundred milliseconds. */
export const DRAIN_NOTICE_MS = 500
/** The longest a request may take while HTTP closes; half of the whole, so that the other parts have the rest. */
export const HTTP_CLOSE_MS = 8_000
// The terminal, npm and the launcher each send the signal of one Ctrl-C. A signal after this time is a second Ctrl-C.
const SAME_SIGNAL_MS = 500

/** Aborted by the first signal. A second one ends the process at once. */
export function listenForStop(): AbortSignal {
  const stop = new AbortController()
  let stoppedAt: number | undefined
  function onSignal(): void {
    const now = performance.now()
    if (stoppedAt !== undefined) {
      if (now - stoppedAt > SAME_SIGNAL_MS) process.exit(1)
      return
    }
    stoppedAt = now
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref()
    stop.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  // The launcher was killed. Without it no signal would reach this process.
  process.on('disconnect', onSignal)
  process.channel?.unref()
  return stop.signal
}

export interface Drain {
  isDraining(): boolean
  /** Announces the end, waits for the notice, closes the parts. */
  run(steps: { announce(): void; closeParts(): Promise<void> }): Promise<void>
}

export function createDrain(noticeMs = DRAIN_NOTICE_MS): Drain {
  let draining = false
  return {
    isDraining: () => draining,
    async run({ announce, closeParts }) {
      draining = true
      announce()
      await sleep(noticeMs)
      await closeParts()
    },
  }
}
