// Ids are 64-bit snowflakes. Inside the program an id is a bigint with the name of what it identifies, so that an
// author's id cannot be passed for an article's; on the wire the serialiser turns every bigint into digits or text,
// whichever the generation of the contract asks for. Nothing else in the program is ever a bigint on its way out.

declare const of: unique symbol

export type Id<Of extends string> = bigint & { readonly [of]: Of }

export type ReaderId = Id<'reader'>
export type ArticleId = Id<'article'>
export type CommentId = Id<'comment'>
export type PageId = Id<'page'>
export type SessionId = Id<'session'>
export type AdministratorId = Id<'administrator'>
export type AdministratorSessionId = Id<'administrator session'>
/** Channels are few and numbered from 1; 0 is the recommended channel, which holds every article and is no row. */
export type ChannelId = number

export const RECOMMENDED_CHANNEL: ChannelId = 0

/** The largest value of PostgreSQL's bigint: anything above cannot be an id. */
export const ID_MAX = 2n ** 63n - 1n

/** Reads an id as it comes in JSON: as text, as a number while that is exact, or beyond that as the reader of JSON leaves it. */
export function readId(value: unknown): bigint | undefined {
  if (typeof value === 'string') return parseId(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? BigInt(value) : undefined
  return typeof value === 'bigint' && value > 0n && value <= ID_MAX ? value : undefined
}

/** Reads an id written in decimal: `12`, or `"12"` in quotes, which is how some clients send big numbers in a query. */
export function parseId(text: string): bigint | undefined {
  const digits = text.length > 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
  if (!/^[1-9]\d{0,18}$/.test(digits)) return undefined // 19 digits hold every bigint
  const id = BigInt(digits)
  return id <= ID_MAX ? id : undefined
}
