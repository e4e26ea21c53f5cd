// Ids are 64-bit snowflakes. Inside the program an id is a bigint, branded with what it identifies: the compiler refuses an
// author's id where an article's is expected. In responses ids are the only bigints; the serialiser writes each as a JSON
// number or as text, depending on the generation of the contract.

declare const of: unique symbol

export type Id<Of extends string> = bigint & { readonly [of]: Of }

export type ReaderId = Id<'reader'>
export type ArticleId = Id<'article'>
export type CommentId = Id<'comment'>
export type PageId = Id<'page'>
export type SessionId = Id<'session'>
export type FileId = Id<'file'>
export type AnnouncementId = Id<'announcement'>
export type AdministratorId = Id<'administrator'>
export type AdministratorSessionId = Id<'administrator session'>
/** Channels are few and numbered from 1. Channel 0 is the recommended channel: it holds every article and has no row. */
export type ChannelId = number

export const RECOMMENDED_CHANNEL: ChannelId = 0
export const RECOMMENDED_CHANNEL_NAME = '推荐'

/** Clients show the recommended channel first and always: a second one of its name would be taken for it. */
export const isRecommendedChannelName = (name: string): boolean => name.normalize('NFKC') === RECOMMENDED_CHANNEL_NAME

/** The largest value of PostgreSQL's bigint. */
export const ID_MAX = 2n ** 63n - 1n

/** Reads an id from parsed JSON: text, a safe integer, or a bigint, which the JSON parser makes of a larger number. */
export function readId(value: unknown): bigint | undefined {
  if (typeof value === 'string') return parseId(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? BigInt(value) : undefined
  return typeof value === 'bigint' && value > 0n && value <= ID_MAX ? value : undefined
}

/** Reads a decimal id: `12`, or `"12"` in quotes, as some clients send large numbers in a query. */
export function parseId(text: string): bigint | undefined {
  const digits = text.length > 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
  if (!/^[1-9]\d{0,18}$/.test(digits)) return undefined // ID_MAX has 19 digits
  const id = BigInt(digits)
  return id <= ID_MAX ? id : undefined
}
