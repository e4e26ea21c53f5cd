// What a channel writes about. Texts hold slots: `{city}` is a word of that list, the same one wherever it stands in an
// article; `{city2}` is another of the list; `{n:3-40}` is a number that `{n}` repeats; `{x:1.2-9.8}` has a decimal.

export type Language = 'zh' | 'en'
export type Words = Readonly<Record<string, readonly string[]>>

export interface Story {
  /** What such stories are filed under: the keyword that readers come back for. */
  tag: string
  titles: readonly string[]
  /** First paragraphs. They may use every slot of the title. */
  leads: readonly string[]
}

export interface Topic {
  channel: string
  language: Language
  words: Words
  /** The lists whose words make keywords when a title or its first paragraph uses them. */
  keywords: readonly string[]
  stories: readonly Story[]
  /** Single sentences that fit any story of the channel; paragraphs are put together from them. */
  sentences: readonly string[]
  quotes: readonly string[]
  closings: readonly string[]
  /** Who writes here: names of creators and what they say about themselves. */
  creators: readonly (readonly [name: string, intro: string])[]
}
