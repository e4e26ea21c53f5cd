// V8 collects garbage when it needs room, and with much memory free that is late: what was read once at the start would stay for hours
// in a quiet process. A collection stops the process for a tenth of a second.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
}
