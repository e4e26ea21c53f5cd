// V8 collects garbage when it needs room, and with much memory free that is late: what was read once at the start would stay for hours
// in a quiet process. It also keeps the room that it needed then. A collection as if memory had run out gives that back too; it stops
// the process for two tenths of a second, with a large heap for nine.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as NodeJS.GCFunction
  gc({ type: 'major', flavor: 'last-resort', execution: 'sync' })
}
