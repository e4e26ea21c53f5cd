// An article as a document of OpenSearch.

import { type Analyzed, piecesOf } from '../analysis/analyze.ts'
import { partsOf, runsOf } from '../analysis/runs.ts'
import type { Entry } from '../search.ts'

export function documentOf(entry: Entry) {
  const title = fieldsOf(entry.title)
  const body = fieldsOf(entry.body)
  return {
    id: String(entry.id),
    author_id: String(entry.authorId),
    channel_id: entry.channelId,
    published_at: Math.round(entry.publishedAt),
    covers: entry.covers,
    popularity: entry.popularity,
    title: entry.title.text,
    title_words: title.words,
    title_pieces: title.pieces,
    title_ends: title.ends,
    body_words: body.words,
    body_pieces: body.pieces,
  }
}

function fieldsOf({ text, tokens }: Analyzed) {
  const pieces: string[] = []
  const ends: string[] = []
  for (const run of runsOf(text)) {
    if (run.kind === 'word') {
      pieces.push(...partsOf(run.text).map(part => part.text))
      continue
    }
    const pairs = piecesOf(run.text)
    const last = pairs.pop()
    pieces.push(...(pairs.length > 0 ? pairs.map(pair => pair.text) : last ? [last.text] : []))
    if (last) ends.push(last.text)
  }
  const words = tokens.filter(token => token.kind === 'word').map(token => token.text)
  return { words: words.join(' '), pieces: pieces.join(' '), ends: ends.join(' ') }
}
