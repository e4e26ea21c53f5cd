// The schema types of requests and responses. JSON Schema's types are too strict for existing clients, which send ids as
// numbers, text or quoted text. These use our keyword `wire` instead: wire-keyword.ts parses and checks such values,
// openapi.ts documents them as standard types.

import { type Static, type TSchema, Type } from 'typebox'
import { typedLengthMax } from '../base/text.ts'

/** The message for a value that does not match the schema, where the contract has one. */
export interface Refusal {
  refusal: string
}

/** An id. Accepted as a number, as digits, or as digits in quotes. Written in the form of the generation. */
export const Id = <I extends bigint>(options?: Refusal) => Type.Unsafe<I>({ wire: 'id', ...options })

/** An id or null. The text `null` is accepted too, because some clients put it into queries. */
export const IdOrNull = <I extends bigint>(options?: Refusal) => Type.Unsafe<I | null>({ wire: 'id', orNull: true, ...options })

/** A whole number, also accepted as digits (in a query), with or without quotes. Not `1.0`, ` 1`, `1_0`, `１` or `1e3`. */
export const Int = (min: number, max: number, options?: Refusal) =>
  Type.Unsafe<number>({ wire: 'int', minimum: min, maximum: max, ...options })

/** `true`, `false`, `1` or `0`, in JSON or as text. */
export const Bool = () => Type.Unsafe<boolean>({ wire: 'bool' })

/**
 * The `timestamp` of a feed request: a positive number, or digits of any length. Clocks of clients are wrong, so every value
 * is accepted; one that we did not issue means "refresh". A value above 2^53 is read as the largest exact number.
 */
export const Timestamp = () => Type.Unsafe<number>({ wire: 'timestamp' })

/** Text of `min` to `max` code points, without NUL, which PostgreSQL refuses. */
export const Text = (min: number, max: number) => Type.String({ minLength: min, maxLength: max, pattern: NO_NUL })
const NO_NUL = '^[^\\u0000]*$'

/** An e-mail address, or nothing. Whether it exists is not known. */
export const Email = () => Type.String({ maxLength: EMAIL_MAX, pattern: '^$|^[^@\\s\\u0000]{1,64}@[^@\\s\\u0000]{1,100}$' })
const EMAIL_MAX = 100

/**
 * Text that a person typed, of `max` characters when it is normalised (base/text.ts), which also reports it if it is too
 * long. This bound is wider, because typed letters may be decomposed.
 */
export const TypedText = (max: number) => Type.Unsafe<string>({ type: 'string', ...typedLimits(max) })
export const TypedTextOrNull = (max: number) => Type.Unsafe<string | null>({ type: ['string', 'null'], ...typedLimits(max) })

/** As `TypedText`, for what reaches the database as it was typed. */
export const RawTypedText = (max: number) => Type.Unsafe<string>({ type: 'string', ...typedLimits(max), pattern: NO_NUL })

/** `storedMax`: what a client is told. */
const typedLimits = (max: number) => ({ maxLength: typedLengthMax(max), storedMax: max })

/** A field that may be missing. In a query, `?name=` counts as missing. */
export const Optional = <T extends TSchema>(schema: T) => Type.Optional(schema)

/** The body of every successful response of the contract. */
export const Envelope = <T extends TSchema>(data: T) => Type.Object({ message: Type.Literal('OK'), data })

export const NO_CONTENT = { 204: Type.Null() }

/** The documentation of an answer that is not serialised by a schema. */
export const Bytes = (type: string) => Type.Unsafe<unknown>({ content: { [type]: { schema: {} } } })

export const Count = () => Type.Integer({ minimum: 0 })

/** Not a union: the serialiser, which would have to choose, does not know our ids. */
export const OrNull = <T extends TSchema>(schema: T) => Type.Unsafe<Static<T> | null>({ ...schema, nullable: true })

/** In responses. */
export const StringOrNull = () => Type.Union([Type.String(), Type.Null()])

/** A boolean that the contract writes as 0 or 1. */
export const ZeroOrOne = () => Type.Union([Type.Literal(0), Type.Literal(1)])
