// Closes what a test file opened, after its tests, in reverse order.

import { after } from 'node:test'

type Step = () => Promise<void>

let steps: Step[] = []
/** Of what several files of this process use. Undefined if the process runs one file. */
let sharedSteps: Step[] | undefined

// Registered when the file is loaded: inside a hook it would run right after that hook.
after(runCleanup)

export async function runCleanup(): Promise<void> {
  for (let next = steps.pop(); next; next = steps.pop()) await next()
}

export function cleanup(step: Step): void {
  steps.push(step)
}

/** From now on, what `openShared` opens stays open until `closeShared`. */
export function beginSharing(): void {
  sharedSteps ??= []
}

/** Opens what several files use, if this process runs several. A file opens nothing else meanwhile. */
export async function openShared<T>(open: () => Promise<T>): Promise<T> {
  if (!sharedSteps) return open()
  const ofFile = steps
  steps = sharedSteps
  try {
    return await open()
  } finally {
    steps = ofFile
  }
}

export async function closeShared(): Promise<void> {
  for (let next = sharedSteps?.pop(); next; next = sharedSteps?.pop()) await next()
}
