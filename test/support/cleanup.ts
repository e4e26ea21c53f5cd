// Closes what a test file opened, after its tests, in reverse order.

import { after } from 'node:test'
import { PATIENCE_MS, within } from './waiting.ts'

type Step = () => Promise<void>

let steps: Step[] = []
/** Of what several files of this process use. Undefined if the process runs one file. */
let sharedSteps: Step[] | undefined

// Registered when the file is loaded: inside a hook it would run right after that hook.
after(runCleanup)

export async function runCleanup(): Promise<void> {
  await runSteps(steps)
}

/** Longer than a step itself waits for a process to end. */
const STEP_MS = 3 * PATIENCE_MS

/** All of them, also after one that failed or did not end. */
async function runSteps(left: Step[]): Promise<void> {
  const errors: unknown[] = []
  for (let next = left.pop(); next; next = left.pop())
    await within(Promise.resolve().then(next), String(next), STEP_MS).catch(err => errors.push(err))
  if (errors.length > 0) throw errors[0]
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
  await runSteps(sharedSteps ?? [])
}
