// What a test file opened is closed after its tests, the last first.

import { after } from 'node:test'

const steps: (() => Promise<void>)[] = []

// Registered as the file is loaded: inside a hook it would belong to the hook, and run right after it.
after(async () => {
  for (let next = steps.pop(); next; next = steps.pop()) await next()
})

export function cleanup(step: () => Promise<void>): void {
  steps.push(step)
}
