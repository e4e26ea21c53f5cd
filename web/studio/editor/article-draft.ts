// What stands in the editor, as it is saved automatically, and what of it the API gets.

import type { EditableArticle } from '../api/types.ts'

export interface Cover {
  /** -1: taken from the text. */
  type: -1 | 0 | 1 | 3
  images: string[]
}

export interface ArticleDraft {
  title: string
  /** HTML. */
  content: string
  cover: Cover
  /** 0: not chosen yet. */
  channel_id: number
  /** ISO time, or null. */
  publish_at: string | null
  /** Of the article that is edited. */
  version?: string
}

export const TITLE_MIN = 5
export const TITLE_MAX = 30

export const EMPTY_DRAFT: ArticleDraft = { title: '', content: '', cover: { type: -1, images: [] }, channel_id: 0, publish_at: null }

export const draftOf = ({ title, content, cover, channel_id, publish_at, version }: EditableArticle): ArticleDraft => ({
  title: title ?? '',
  content: content ?? '',
  cover: cover ?? EMPTY_DRAFT.cover,
  channel_id: channel_id ?? 0,
  publish_at: publish_at ?? null,
  version,
})

/** An autosave of an older version of the studio may lack fields. */
export const draftOfAutosave = (saved: object): ArticleDraft => ({ ...EMPTY_DRAFT, ...saved })

/** As many pictures as the type needs. */
export const coverForApi = ({ type, images }: Cover): Cover => ({ type, images: images.filter(Boolean).slice(0, Math.max(0, type)) })

/** Characters, not UTF-16 units: the server counts the same way. */
export const lengthOf = (text: string): number => [...text.trim()].length
