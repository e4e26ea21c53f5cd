// Closes what a test file opened, after its tests, in reverse order.

import { after } from 'node:test'

const steps: (() => Promise<void>)[] = []

// Registered when the file is loaded: inside a hook it would run right after that hook.
after(runCleanup)

export async function runCleanup(): Promise<void> {
  for (let next = steps.pop(); next; next = steps.pop()) await next()
}

export function cleanup(step: () => Promise<void>): void {
  steps.push(step)
}
