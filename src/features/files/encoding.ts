// Encodes pictures, two at a time: each takes a core and up to 150 MB for a moment. Others wait; a long queue is refused.

import { createBulkhead } from '../../base/bulkhead.ts'
import type { EncodedPicture } from './pictures.ts'
import { NARROW_WIDTHS } from './widths.ts'

/** `public` pictures have narrower copies, `private` ones have not. */
export type Encode = (input: Buffer, audience: 'public' | 'private') => Promise<EncodedPicture>

const AT_ONCE = 2
/** At some five pictures a second, the last of them waits four seconds. */
const WAITING_MAX = 20
const WAIT_MAX_MS = 8_000

export function createEncode(): Encode {
  const limit = createBulkhead({
    concurrency: AT_ONCE,
    queueMax: WAITING_MAX,
    waitMaxMs: WAIT_MAX_MS,
    refusal: 'Too many pictures are being uploaded. Please try again.',
  })
  return async (input, audience) => {
    const { encodePicture } = await import('./pictures.ts')
    return limit(() => encodePicture(input, audience === 'public' ? NARROW_WIDTHS : []))
  }
}
