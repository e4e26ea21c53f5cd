// `search get|exists|reindex|analyze|explain|words`.

import type { Infrastructure } from '../app/infrastructure.ts'
import { createSearchParts, type SearchParts } from '../app/search.ts'
import { type ArticleId, parseId } from '../base/id.ts'
import { notFound } from '../base/problem.ts'
import { createAnalyze } from '../engines/search/analysis/analyze.ts'
import { normalize } from '../engines/search/analysis/normalize.ts'
import { explain } from '../engines/search/postgres/explain.ts'
import { strictQuery } from '../engines/search/postgres/tsquery.ts'
import { addWord, operatorWords, removeWord } from '../engines/search/postgres/words.sql.ts'
import { type Command, type CommandResult, type Invocation, UsageError, withInfrastructure } from './command.ts'

const withSearch = (call: Invocation, work: (parts: SearchParts, infrastructure: Infrastructure) => Promise<CommandResult>) =>
  withInfrastructure(call, async infrastructure => {
    const parts = await createSearchParts(infrastructure)
    try {
      return await work(parts, infrastructure)
    } finally {
      await parts.close()
    }
  })

function articleOf(text: string | undefined): ArticleId {
  const id = parseId(text ?? '')
  if (!id) throw new UsageError('ARTICLE is a whole number from 1 to 9223372036854775807')
  return id as ArticleId
}

const TEXT_MAX = 10_000 // more than fits on a screen

export const SEARCH_COMMANDS: Command[] = [
  {
    words: ['search', 'get'],
    operands: ['ARTICLE'],
    about: 'what the index knows of an article',
    run: call => {
      const id = articleOf(call.operands[0])
      return withSearch(call, async ({ engines }) => {
        const found = await Promise.all(engines.map(async engine => [engine.name, await engine.get(id)] as const))
        if (found.every(([, entry]) => !entry)) throw notFound(`no index has article ${id}`)
        return { result: { id, ...Object.fromEntries(found.map(([name, entry]) => [name, entry ?? null])) }, exitCode: 0 }
      })
    },
  },
  {
    words: ['search', 'exists'],
    operands: ['ARTICLE'],
    about: 'whether an article can be found: exit code 0, or 1',
    run: call => {
      const id = articleOf(call.operands[0])
      return withSearch(call, async ({ engines }) => {
        const found = await Promise.all(engines.map(async engine => [engine.name, (await engine.exists([id])).has(id)] as const))
        return { result: { id, ...Object.fromEntries(found) }, exitCode: found.every(([, exists]) => exists) ? 0 : 1 }
      })
    },
  },
  {
    words: ['search', 'reindex'],
    operands: [],
    about: 'build the indexes anew beside those that answer; goes on where it was broken off',
    run: call =>
      withSearch(call, async parts => {
        const reports = []
        for (const engine of parts.engines) {
          const onProgress = (copied: number, total: number) => call.stderr.write(`${engine.name}: ${copied} of ${total}\n`)
          reports.push(await parts.reindex(engine, { signal: call.signal, onProgress }))
        }
        const learnt = await parts.learn()
        return { result: { ...reports[0], ...learnt, indexes: reports }, exitCode: 0 }
      }),
  },
  {
    words: ['search', 'analyze'],
    operands: ['TEXT'],
    about: 'what a text becomes in the index, and as a query',
    run: call => {
      const text = (call.operands[0] as string).slice(0, TEXT_MAX)
      return withSearch(call, async ({ segmenter, parser }) => {
        const { tokens } = createAnalyze(segmenter)(text)
        const of = (kind: 'word' | 'piece') => tokens.filter(token => token.kind === kind).map(token => `${token.text}@${token.place}`)
        const result = {
          normalized: normalize(text),
          words: of('word').join(' '),
          pieces: of('piece').join(' '),
          query: strictQuery(parser.parse(text)),
          tokens,
        }
        return { result, exitCode: 0 }
      })
    },
  },
  {
    words: ['search', 'explain'],
    operands: ['QUERY', 'ARTICLE'],
    about: "an article's score for a query, taken apart",
    run: call => {
      const id = articleOf(call.operands[1])
      return withSearch(call, async ({ parser, postgres }, { database: { db } }) => {
        const explained = await explain(db, await postgres.live(), parser.parse(call.operands[0] as string), id, Date.now())
        if (!explained) throw notFound(`the index has no article ${id}`)
        return { result: { id, ...explained }, exitCode: 0 }
      })
    },
  },
  {
    words: ['search', 'words'],
    operands: ['[add|remove]', '[WORD]'],
    about: 'words added to the dictionary; a running server uses them at once',
    run: call => {
      const [verb, typed] = call.operands
      if ((verb !== undefined && verb !== 'add' && verb !== 'remove') || (verb !== undefined && typed === undefined))
        throw new UsageError('search words, search words add WORD or search words remove WORD')
      const word = typed === undefined ? undefined : normalize(typed).trim()
      if (word !== undefined && !/^\p{sc=Han}{2,16}$/u.test(word)) throw new UsageError('WORD has 2 to 16 Chinese characters')
      return withInfrastructure(call, async ({ database: { db } }) => {
        const changed = word === undefined ? false : await (verb === 'add' ? addWord : removeWord)(db, word)
        const words = await operatorWords(db)
        return { result: { changed, words }, lines: words.map(each => `${each}\n`).join(''), exitCode: 0 }
      })
    },
  },
]
