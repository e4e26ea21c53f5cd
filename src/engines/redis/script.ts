import { createHash } from 'node:crypto'

/** Lua that Redis runs at one moment. It is known to Redis by its hash, and sent whole only where it is not known yet. */
export interface Script {
  text: string
  sha: string
}

export function defineScript(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}
