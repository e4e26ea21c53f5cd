import { createHash } from 'node:crypto'

/** A Lua script, which Redis executes atomically. It is sent by its hash, and in full only to a Redis that does not know it. */
export interface Script {
  text: string
  sha: string
}

export function defineScript(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}
