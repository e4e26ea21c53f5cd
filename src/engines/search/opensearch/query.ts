// Translates a query to OpenSearch: the same words, pieces and weights as for PostgreSQL. What the reader typed is only in values.

import { DAY } from '../../../base/clock.ts'
import { partsOf } from '../analysis/runs.ts'
import { type Query, type Sequence, type Term } from '../query.ts'
import type { Filters, FindRequest } from '../search.ts'
import { COVERAGE_MIN, WEIGHTS } from '../weights.ts'

type Clause = Record<string, unknown>

export function searchBody({ query, filters, order, limit, now }: FindRequest, strict: boolean): Clause {
  const terms = query.terms.map(termClause)
  const phrases = query.phrases.map(phrase => phraseClause(phrase, 1))
  const bool: Clause = {
    must: strict ? [...terms, ...phrases] : [...phrases, { bool: { should: terms, minimum_should_match: termsRequired(query) } }],
    should: query.row ? [sequenceClause('title_pieces', query.row, WEIGHTS.phrase)] : [],
    must_not: query.excluded.map(termClause),
    filter: filterClauses(filters),
  }
  return {
    size: limit,
    track_total_hits: false,
    _source: false,
    stored_fields: '_none_',
    // As text: a number of JSON is not exact beyond 2^53.
    docvalue_fields: [{ field: 'id', format: '#' }],
    ...(order === 'time' && { sort: [{ published_at: 'desc' }, { id: 'desc' }] }),
    query: {
      function_score: {
        query: { bool },
        functions: [
          { weight: 1 },
          {
            weight: WEIGHTS.freshness,
            exp: {
              published_at: { origin: Math.round(now), scale: `${Math.round((WEIGHTS.freshnessHalfLifeDays * DAY) / 1000)}s`, decay: 0.5 },
            },
          },
          {
            weight: WEIGHTS.popularity / Math.log10(1 + WEIGHTS.popularityReads),
            field_value_factor: { field: 'popularity', modifier: 'log1p', missing: 0 },
          },
        ],
        score_mode: 'sum',
        boost_mode: 'multiply',
      },
    },
  }
}

const termsRequired = ({ terms }: Query) => Math.max(1, Math.ceil(terms.length * COVERAGE_MIN))

function termClause(term: Term): Clause {
  const fields = [
    ['title_words', WEIGHTS.titleWord],
    ['title_pieces', WEIGHTS.titlePiece],
    ['body_words', WEIGHTS.bodyWord],
    ['body_pieces', WEIGHTS.bodyPiece],
  ] as const
  const ways = fields.flatMap(([field, boost]) => term.words.map(value => ({ term: { [field]: { value, boost } } })))
  const parts = term.pieces
    ? fields.filter(([field]) => field.endsWith('pieces')).map(([field, boost]) => sequenceClause(field, term.pieces as Sequence, boost))
    : []
  const beginnings = term.prefix
    ? ['title_words', 'title_pieces', 'title_ends', 'body_pieces'].map(field => ({
        prefix: { [field]: { value: term.text, boost: field.startsWith('body') ? WEIGHTS.bodyPiece : WEIGHTS.titlePiece } },
      }))
    : []
  return { dis_max: { queries: [...ways, ...parts, ...beginnings], tie_breaker: 0.3 } }
}

function phraseClause(sequence: Sequence, boost: number): Clause {
  return {
    dis_max: {
      queries: [sequenceClause('title_pieces', sequence, boost), sequenceClause('body_pieces', sequence, boost * WEIGHTS.bodyWord)],
    },
  }
}

/** The indexed pieces of words of letters and digits are their parts. */
function sequenceClause(field: string, { lexemes, withStopWords = lexemes }: Sequence, boost: number): Clause {
  const words = withStopWords.flatMap(({ text }) => (/^[\x21-\x7e]+$/.test(text) ? partsOf(text).map(part => part.text) : [text]))
  return { match_phrase: { [field]: { query: words.join(' '), boost } } }
}

function filterClauses({ channelId, authorId, after, before, withCover, hiddenAuthors }: Filters): Clause[] {
  const clauses: (Clause | undefined)[] = [
    channelId === undefined ? undefined : { term: { channel_id: channelId } },
    authorId === undefined ? undefined : { term: { author_id: String(authorId) } },
    after === undefined && before === undefined ? undefined : { range: { published_at: { gte: after, lt: before } } },
    withCover === undefined ? undefined : { range: { covers: withCover ? { gt: 0 } : { lte: 0 } } },
    hiddenAuthors?.length ? { bool: { must_not: { terms: { author_id: hiddenAuthors.map(String) } } } } : undefined,
  ]
  return clauses.filter(clause => clause !== undefined)
}
