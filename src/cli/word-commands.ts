// `words add|remove|list|test|dry-run|import`: the sensitive words, for an operator without a screen.

import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Infrastructure } from '../app/infrastructure.ts'
import { createModerationParts } from '../app/moderation.ts'
import { invalid, notFound } from '../base/problem.ts'
import { foldedText } from '../engines/words/fold.ts'
import { createOperationLog } from '../features/admins/operation-log.ts'
import { parseWordLines } from '../features/moderation/word-lines.ts'
import { WORD_ACTIONS, type WordAction } from '../features/moderation/words.schema.ts'
import { readWords, type WordInput } from '../features/moderation/words.sql.ts'
import { createWords, type Words } from '../features/moderation/words.ts'
import { COMMAND_LINE } from '../http/access.ts'
import { type Command, type CommandResult, type Invocation, UsageError, withInfrastructure } from './command.ts'
import { table } from './table.ts'

const FILE_BYTES_MAX = 10 * 1024 * 1024 // half a million words; the longest lists have some tens of thousands
const DRY_RUN_DAYS = 7
const SOUND = 'sound'

const withWords = (call: Invocation, work: (words: Words, infrastructure: Infrastructure) => Promise<CommandResult>) =>
  withInfrastructure(call, infrastructure => {
    const { db } = infrastructure.database
    return work(createWords({ db, clock: Date.now, operationLog: createOperationLog({ db }) }), infrastructure)
  })

/** An action, and whether the word is also found by its sound. */
function optionsOf(texts: string[]): Pick<WordInput, 'action' | 'by_sound'> {
  const action = texts.find(text => text !== SOUND) ?? 'review'
  if (!(WORD_ACTIONS as readonly string[]).includes(action)) throw new UsageError(`ACTION is one of ${WORD_ACTIONS.join(', ')}`)
  return { action: action as WordAction, by_sound: texts.includes(SOUND) }
}

const BAD_LINE = 'a line is WORD, WORD,ACTION or WORD,ACTION,sound'

export const WORD_COMMANDS: Command[] = [
  {
    words: ['words', 'add'],
    operands: ['WORD', '[ACTION]', '[sound]'],
    about: `hold back what contains a word: ${WORD_ACTIONS.join(', ')}; with sound also homophones and pinyin`,
    async run(call) {
      const [word = '', ...options] = call.operands
      const chosen = optionsOf(options)
      return withWords(call, async words => ({
        result: await words.create(COMMAND_LINE, { word, weights: 0, ...chosen }),
        exitCode: 0,
      }))
    },
  },
  {
    words: ['words', 'remove'],
    operands: ['WORD'],
    about: 'no longer hold a word back',
    run: call =>
      withWords(call, async words => {
        const word = call.operands[0] as string
        if (!(await words.removeByText(COMMAND_LINE, word))) throw notFound(`${word} is not on the list`)
        return { result: { word }, exitCode: 0 }
      }),
  },
  {
    words: ['words', 'list'],
    operands: [],
    about: 'the sensitive words',
    run: call =>
      withInfrastructure(call, async ({ database: { db } }) => {
        const words = await readWords(db)
        const rows = words.map(({ word, action, by_sound }) => [word, action, by_sound ? SOUND : ''])
        return { result: { words }, lines: table(['word', 'action', ''], rows), exitCode: 0 }
      }),
  },
  {
    words: ['words', 'test'],
    operands: ['TEXT'],
    about: 'what a text becomes, and which words are found in it',
    run: call =>
      withInfrastructure(call, async infrastructure => {
        const text = call.operands[0] as string
        const { action = null, masked, matches } = await createModerationParts(infrastructure).moderation.find(text)
        const rows = matches.map(match => [match.word, match.action, text.slice(match.from, match.to)])
        const lines = table(['word', 'action', 'in the text'], rows)
        return { result: { action, masked, folded: foldedText(text), matches }, lines, exitCode: 0 }
      }),
  },
  {
    words: ['words', 'dry-run'],
    operands: ['WORD', '[sound]'],
    about: `where a word stands in the articles of the last ${DRY_RUN_DAYS} days`,
    run: call =>
      withWords(call, async words => {
        const [word = '', ...options] = call.operands
        const { scanned, results } = await words.dryRun([{ word, bySound: options.includes(SOUND) }], DRY_RUN_DAYS)
        const rows = results.flatMap(({ samples }) => samples.map(({ id, title }) => [String(id), title]))
        const articles = results.reduce((sum, each) => sum + each.articles, 0)
        return { result: { articles, scanned, results }, lines: table(['id', 'title'], rows), exitCode: 0 }
      }),
  },
  {
    words: ['words', 'import'],
    operands: ['FILE'],
    about: 'add words from a file, one a line: WORD, WORD,ACTION or WORD,ACTION,sound',
    async run(call) {
      const file = resolve(call.folder, call.operands[0] as string)
      if ((await stat(file)).size > FILE_BYTES_MAX) throw invalid(`a list of words has at most ${FILE_BYTES_MAX} bytes`)
      const { entries, bad } = parseWordLines(await readFile(file, 'utf8'))
      return withWords(call, async words => {
        const imported = await words.import(COMMAND_LINE, entries)
        const refused = [
          ...bad.map(one => ({ ...one, reason: BAD_LINE })),
          ...imported.refused.map(({ index, ...one }) => ({ line: entries[index]?.line, ...one })),
        ]
        const lines = refused.map(({ line, word, reason }) => `line ${line}: ${word}: ${reason}\n`).join('')
        return { result: { ...imported, refused }, lines, exitCode: refused.length > 0 ? 3 : 0 }
      })
    },
  },
]
