// The texts of a channel in one language. They are templates with slots: `{city}` is a word of the list `city`, the same one throughout an
// article; `{city2}` is another word of it; `{n:3-40}` is a number, which `{n}` repeats; `{x:1.2-9.8}` has one decimal.

import type { Language } from '../../base/language.ts'

export type Words = Readonly<Record<string, readonly string[]>>

export interface Story {
  /** The keyword of such stories. Readers have favourite tags. */
  tag: string
  titles: readonly string[]
  /** First paragraphs. They may use the slots of the title. */
  leads: readonly string[]
  /** The paragraphs after the first, which fit each title and lead. They have numbers and names of their own. */
  body: readonly string[]
  /** What the first picture is of: a motif of features/artwork. */
  picture: string
}

export interface Topic {
  channel: string
  /** What its creators write about, if the channel has its name in the other language. */
  beat?: string
  language: Language
  words: Words
  /** The lists whose words become keywords when a title or lead uses them. */
  keywords: readonly string[]
  stories: readonly Story[]
  /** Motifs of the other pictures. */
  pictures: readonly string[]
  quotes: readonly string[]
  closings: readonly string[]
  /** The channel's creators. */
  creators: readonly (readonly [name: string, intro: string])[]
}
