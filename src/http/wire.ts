// The words in which routes describe what they take and give. Where JSON Schema's own types would be too lax or too
// strict for the clients that exist (ids as numbers, text or quoted text; numbers in a query are text), a keyword of ours
// reads the value: http/validate.ts teaches them to the validator, http/openapi.ts shows them as plain types.

import { type TSchema, Type } from 'typebox'

/** Says, beside any schema, what callers hear when a value is not of it, where the contract has a text for that. */
export interface Refusal {
  refusal: string
}

/** An id. Taken as a number, as digits, or as digits in quotes; given as the generation of the contract writes ids. */
export const Id = <I extends bigint>(options?: Refusal) => Type.Unsafe<I>({ wire: 'id', ...options })

/** An id, or none: taken also as the text `null`, which hand-built queries hold; given as null. */
export const IdOrNull = <I extends bigint>(options?: Refusal) => Type.Unsafe<I | null>({ wire: 'id', orNull: true, ...options })

/** A whole number, taken also as digits (as a query writes it), in quotes or not. Not `1.0`, ` 1`, `1_0`, `１` or `1e3`. */
export const Int = (min: number, max: number, options?: Refusal) =>
  Type.Unsafe<number>({ wire: 'int', minimum: min, maximum: max, ...options })

/** `true`, `false`, `1` or `0`, in JSON or as text. */
export const Bool = () => Type.Unsafe<boolean>({ wire: 'bool' })

/**
 * A moment as clients send it in `timestamp`: digits of any length, since the clocks of clients are wrong and what was
 * not minted here only means "refresh". Given as a number; what no number holds exactly becomes the largest that does.
 */
export const Timestamp = () => Type.Unsafe<number>({ wire: 'stamp' })

/** Text of `min` to `max` characters, counted as people count them. */
export const Text = (min: number, max: number) => Type.String({ minLength: min, maxLength: max })

/** A field that may be left out. In a query, `?name=` leaves it out too. */
export const Optional = <T extends TSchema>(schema: T) => Type.Optional(schema)

/** What every answer of the contract is wrapped in. */
export const Envelope = <T extends TSchema>(data: T) => Type.Object({ message: Type.Literal('OK'), data })

/** For answers whose shape is a number, text or truth as the contract has it. */
export const Count = () => Type.Integer({ minimum: 0 })

/** 0 or 1, where the contract writes truth as a number. */
export const ZeroOrOne = () => Type.Union([Type.Literal(0), Type.Literal(1)])
