// Several commands in one write.

import type { Command } from './redis.ts'

/** For `pipeline`: all commands are executed without others in between, or none if the connection breaks. All keys in one slot. */
export const inTransaction = (commands: Command[]): Command[] => [['MULTI'], ...commands, ['EXEC']]

/** For callers that need every command of a pipeline to have succeeded. */
export function throwIfAnyFailed<T>(outcomes: (T | Error)[]): T[] {
  for (const outcome of outcomes) if (outcome instanceof Error) throw outcome
  return outcomes as T[]
}
