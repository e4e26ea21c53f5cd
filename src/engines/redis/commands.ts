// Several commands in one write.

import type { Command } from './redis.ts'

/** All of them or, if the connection breaks in between, none; nothing of anybody else's comes between. All keys in one slot. */
export const inTransaction = (commands: Command[]): Command[] => [['MULTI'], ...commands, ['EXEC']]

/** For those who need all of a pipeline's commands to have been done. */
export function throwIfAnyFailed<T>(outcomes: (T | Error)[]): T[] {
  for (const outcome of outcomes) if (outcome instanceof Error) throw outcome
  return outcomes as T[]
}
