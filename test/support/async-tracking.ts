// node:test follows every promise of a process with an async hook, to find the test in which an error that nothing caught began.
// In a process with the whole product that takes a tenth of the processor time. It is needed while a file loads, because it also
// finds the suite of each test. While tests run it is off: such an error still fails the run, without the name of its test.

import { AsyncResource, createHook } from 'node:async_hooks'

type Hook = ReturnType<typeof createHook>

let tracking: Hook | undefined

// node:test enables its hook with the first test of a process, so this module is imported before those that register one.
const prototype = Object.getPrototypeOf(createHook({})) as Hook
const { enable } = prototype
prototype.enable = function () {
  prototype.enable = enable
  tracking = enable.call(this)
  return tracking
}

const outsideAllSuites = new AsyncResource('outside all suites')

/** Calls `describe`, outside the suite that happens to have called us. The suite ends the tracking when its tests are known. */
export function describeTracked<T>(describe: () => T): T {
  tracking?.enable()
  return outsideAllSuites.runInAsyncScope(describe)
}

export const endTracking = () => void tracking?.disable()
