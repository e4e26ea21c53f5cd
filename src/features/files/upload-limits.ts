import { clientNetwork } from '../../base/network.ts'
import type { Viewer } from '../../base/viewer.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'

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
    const [limiter, key] = viewer.kind === 'reader' ? [readers, String(viewer.id)] : [addresses, clientNetwork(ip)]
    await takePoint(limiter, key, 'Too many uploads. Please try again later.')
  }
}

export const NO_IMAGE = 'image is required: a picture in the field "image" of a form'
