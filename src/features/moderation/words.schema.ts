import { type Static, Type } from 'typebox'
import { Count, Id } from '../../http/wire.ts'

export const WORD_ACTIONS = ['block', 'review', 'mask'] as const
export type WordAction = (typeof WORD_ACTIONS)[number]

export const Action = Type.Enum([...WORD_ACTIONS])

export const WordItem = Type.Object({
  id: Type.Integer(),
  word: Type.String(),
  weights: Count(),
  hold_count: Count(),
  create_time: Type.String(),
  update_time: Type.String(),
  action: Action,
  by_sound: Type.Boolean(),
})

export const WordTest = Type.Object({
  action: Type.Union([Action, Type.Null()]),
  masked: Type.String(),
  folded: Type.String(),
  matches: Type.Array(Type.Object({ word: Type.String(), action: Action, from: Count(), to: Count() })),
})

export const WordDryRun = Type.Object({
  scanned: Count(),
  results: Type.Array(
    Type.Object({ word: Type.String(), articles: Count(), samples: Type.Array(Type.Object({ id: Id<bigint>(), title: Type.String() })) }),
  ),
})

const WordRule = Type.Enum(['length', 'too-short', 'too-common'])

/** `unchanged`: were on the list already. */
export const WordImport = Type.Object({
  added: Count(),
  unchanged: Count(),
  /** `index`: which of the words that were sent. `rule`: the reason, for clients that say it in words of their own. */
  refused: Type.Array(Type.Object({ index: Count(), word: Type.String(), reason: Type.String(), rule: WordRule })),
})

export type WordItem = Static<typeof WordItem>
export type WordTest = Static<typeof WordTest>
export type WordDryRun = Static<typeof WordDryRun>
export type WordImport = Static<typeof WordImport>
