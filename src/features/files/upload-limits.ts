import { clientNetwork } from '../../base/network.ts'
import { Problem } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { RateLimit, RateLimiter } from '../../engines/limits/rate-limiter.ts'

/** A form with one picture. Phones write up to 8 MB. */
export const IMAGE_UPLOAD = { bytesMax: 10 * 1024 * 1024, fields: ['image'] }

const HOUR_SECONDS = 3_600
/** A creator fills articles with pictures. */
export const READER_UPLOADS: RateLimit = { name: 'upload', points: 300, seconds: HOUR_SECONDS }
/** Several anonymous people share an address. Unused pictures go after a day, so it can occupy 60 × 24 pictures of some megabyte. */
export const ADDRESS_UPLOADS: RateLimit = { name: 'upload-address', points: 60, seconds: HOUR_SECONDS }

/** Throws if a reader, or an anonymous viewer's address, has uploaded too much lately. */
export type CheckUploadLimit = (viewer: Viewer, ip: string) => Promise<void>

export function createUploadLimit({ readers, addresses }: { readers: RateLimiter; addresses: RateLimiter }): CheckUploadLimit {
  return async (viewer, ip) => {
    const retryAfter = await (viewer.kind === 'reader' ? readers.consume(String(viewer.id)) : addresses.consume(clientNetwork(ip)))
    if (retryAfter > 0) throw new Problem('too-many', 'Too many uploads. Please try again later.', { retryAfter })
  }
}

export const NO_IMAGE = 'image is required: a picture in the field "image" of a form'
