// How values in Redis are written and parsed. A value that does not parse was not written by us and is ignored.
// Transaction ids and watermarks stay decimal text: they have 64 bits, more than a JavaScript number.

export const isWatermark = (text: unknown): text is string => typeof text === 'string' && /^\d{1,20}$/.test(text)

/** Compares two watermarks. */
export const isBefore = (a: string, b: string): boolean => (a.length === b.length ? a < b : a.length < b.length)

/**
 * Only the decimal form that we write ourselves, up to fifteen digits: HINCRBY refuses other forms in the middle of a script,
 * which Redis does not roll back.
 */
export const isCount = (text: unknown): text is string => typeof text === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(text)

/** Fields of a shard that are about the shard, and no counts. */
export const isMetaField = (field: string) => field === '_e' || field === '_w' || field === '_r' || field === '_n'

/** The answer to HGETALL. */
export const parseHash = (answer: unknown): Map<string, string> => new Map(Object.entries(answer as Record<string, string>))

/** Says that the shards may be read: in which incarnation of the database, up to where, and in which run of Redis. */
export interface Freshness {
  incarnation: string
  watermark: string
  instance: string
}

export const formatFreshness = ({ incarnation, watermark, instance }: Freshness) => `${incarnation} ${watermark} ${instance}`

export function parseFreshness(value: unknown): Freshness | undefined {
  const [incarnation, watermark, instance] = String(value).split(' ')
  return incarnation && isWatermark(watermark) && instance ? { incarnation, watermark, instance } : undefined
}

export const formatCheckpoint = (incarnation: string, watermark: string) => `${incarnation} ${watermark}`

/** The watermark, if the checkpoint is of this incarnation. */
export function parseCheckpoint(value: unknown, incarnation: string): string | undefined {
  const [of, watermark] = String(value).split(' ')
  return of === incarnation && isWatermark(watermark) ? watermark : undefined
}

/** A time in milliseconds since 1970. */
export const parseMillis = (value: unknown): number | undefined => (/^\d{13}$/.test(String(value)) ? Number(value) : undefined)
