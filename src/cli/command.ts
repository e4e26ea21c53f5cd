// What a command is, and what most of them stand on.

import { type Infrastructure, openInfrastructure } from '../app/infrastructure.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config.ts'

export class UsageError extends Error {}

export interface Invocation {
  config: Config
  log: Log
  operands: string[]
  /** Where the caller stands: relative files are meant from here. */
  folder: string
  options: { 'dry-run'?: boolean; mobile?: string; kind?: string; account?: string; 'password-stdin'?: boolean; wait?: boolean }
  /** For what people read. */
  stderr: Pick<NodeJS.WriteStream, 'write'>
  signal: AbortSignal
}

export interface CommandResult {
  result: object
  exitCode: number
}

export interface Command {
  words: string[]
  operands: string[]
  flags?: string[]
  about: string
  run(call: Invocation): Promise<CommandResult>
}

export async function withInfrastructure(
  call: Invocation,
  work: (infrastructure: Infrastructure) => Promise<CommandResult>,
): Promise<CommandResult> {
  // A mistake in the words must not cost a database start; commands check theirs before they touch it where they can.
  const foundation = await openInfrastructure(call.config, 'cli', call.log)
  try {
    return await work(foundation)
  } finally {
    await foundation.close()
  }
}
