// The shape of a command, and the infrastructure that most commands need.

import { type Infrastructure, openInfrastructure } from '../app/infrastructure.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config.ts'

export class UsageError extends Error {}

export interface Invocation {
  config: Config
  log: Log
  operands: string[]
  /** The caller's working directory: relative file names start here. */
  folder: string
  options: {
    'dry-run'?: boolean
    mobile?: string
    kind?: string
    account?: string
    'password-stdin'?: boolean
    wait?: boolean
    'end-old'?: boolean
    version?: string
  }
  /** For progress and messages to the person; the result goes to stdout. */
  stderr: Pick<NodeJS.WriteStream, 'write'>
  signal: AbortSignal
}

export interface CommandResult {
  result: object
  /** The lists of the result as lines for people, which stand before its other fields if --json is not given. */
  lines?: string
  /** The result as people read it, instead of its fields: a document. */
  text?: string
  exitCode: number
}

export interface Command {
  words: string[]
  operands: string[]
  flags?: string[]
  /** One line for the help. */
  about: string
  run(call: Invocation): Promise<CommandResult>
}

/** Commands check their operands first where they can: this may start a database. */
export async function withInfrastructure(
  call: Invocation,
  work: (infrastructure: Infrastructure) => Promise<CommandResult>,
): Promise<CommandResult> {
  const foundation = await openInfrastructure(call.config, 'cli', call.log)
  try {
    return await work(foundation)
  } finally {
    await foundation.close()
  }
}
