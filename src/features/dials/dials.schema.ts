import { type Static, Type } from 'typebox'

export const MuteKind = Type.Union([Type.Literal('author'), Type.Literal('channel'), Type.Literal('word')])
export type MuteKind = Static<typeof MuteKind>

/** `target` is the id of the author or the channel as text, or the word; `name` is what people call it. */
export const Mute = Type.Object({ kind: MuteKind, target: Type.String(), name: Type.String() })
export type Mute = Static<typeof Mute>

export const Language = Type.Union([Type.Literal('zh'), Type.Literal('en')])

export const Dials = Type.Object({
  /** Ids of channels. */
  interests: Type.Array(Type.Integer()),
  language: Type.Union([Language, Type.Null()]),
  /** The newest first, by kind. */
  mutes: Type.Array(Mute),
})
export type Dials = Static<typeof Dials>
