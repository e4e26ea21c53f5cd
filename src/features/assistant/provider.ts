// The port of the assistant, with two providers: the built-in one, and a bot of the operator's.

import type { ArticleId } from '../../base/id.ts'
import type { Language } from '../../base/language.ts'
import type { Viewer } from '../../base/viewer.ts'

export interface Question {
  text: string
  /** What it is written in, and so the answer. */
  language: Language
  viewer: Viewer
  /** Milliseconds since 1970. */
  at: number
}

export interface FoundArticle {
  id: ArticleId
  title: string
}

export interface Answer {
  text: string
  /** Shown below the text, each with a link. */
  articles: FoundArticle[]
  /** What only the reader may know, such as what they have read. It is not sent to a bot. */
  isPrivate?: boolean
}

export interface Provider {
  /** `onText` gets the answer in pieces, if it comes in pieces. */
  answer(question: Question, onText?: (piece: string) => void): Promise<Answer>
}
