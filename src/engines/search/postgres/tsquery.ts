// Translates a query to a tsquery. Lexemes are quoted, so nothing the reader typed becomes an operator.

import type { Query, Sequence, Term } from '../query.ts'

export const quoteLexeme = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

export function sequenceQuery({ lexemes }: Sequence): string {
  return lexemes
    .map(({ text, at }, i) => {
      const before = lexemes[i - 1]
      return `${before ? ` <${at - before.at}> ` : ''}${quoteLexeme(text)}`
    })
    .join('')
}

/** Any form of a word. */
export function termQuery(term: Term): string {
  const ways = [...new Set(term.words)].map(word => quoteLexeme(word) + (term.prefix ? ':*' : ''))
  if (term.pieces) ways.push(`(${sequenceQuery(term.pieces)})`)
  return ways.length === 1 ? (ways[0] as string) : `(${ways.join('|')})`
}

/** All words and phrases, and none of the excluded words. */
export function strictQuery(query: Query, terms = query.terms): string {
  const must = [...terms.map(termQuery), ...query.phrases.map(phrase => `(${sequenceQuery(phrase)})`)]
  return [must.join('&'), ...query.excluded.map(term => `!${termQuery(term)}`)].join('&')
}

/** For ranking: how much of it occurs, and where. What is excluded does not occur. */
export function anyQuery(query: Query): string {
  const lexemes = [
    ...query.terms.flatMap(leavesOf),
    ...query.phrases.flatMap(({ lexemes: each }) => each.map(one => quoteLexeme(one.text))),
  ]
  return [...new Set(lexemes)].join('|')
}

function leavesOf(term: Term): string[] {
  const words = term.words.map(word => quoteLexeme(word) + (term.prefix ? ':*' : ''))
  return [...words, ...(term.pieces?.lexemes ?? []).map(one => quoteLexeme(one.text))]
}
