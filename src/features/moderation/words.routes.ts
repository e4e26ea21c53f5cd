// Sensitive words in the contract's admin API. `action` and `by_sound` are ours.

import { Type } from 'typebox'
import { typedLengthMax } from '../../base/text.ts'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, toAdminPage } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Int, Optional, RawTypedText, TypedText } from '../../http/wire.ts'
import type { Moderation } from './moderation.ts'
import { WORD_MAX } from './word-limits.ts'
import { Action, WordDryRun, WordImport, WordItem, WordTest } from './words.schema.ts'
import type { SensitiveWord } from './words.sql.ts'
import type { Words } from './words.ts'

const ID_MAX = 2 ** 31 - 1
const ListQuery = Type.Object({ ...AdminListQuery, word: Optional(RawTypedText(WORD_MAX)) })
const Params = Type.Object({ id: Int(1, ID_MAX) })
const NewWord = Type.Object({
  word: TypedText(WORD_MAX),
  weights: Int(0, ID_MAX),
  action: Optional(Action),
  by_sound: Optional(Bool()),
})
const Change = Type.Partial(NewWord)
const IMPORT_MAX = 2_000 // five values each: no body has more than 12,000. A longer list is sent in parts
const IMPORT_BYTES_MAX = IMPORT_MAX * (12 * typedLengthMax(WORD_MAX) + 100) // every character as two JSON escapes
const ImportBody = Type.Object({ words: Type.Array(NewWord, { minItems: 1, maxItems: IMPORT_MAX }) })

const TEXT_MAX = 10_000 // a long article
const DRY_RUN_WORDS_MAX = 50
const DAYS_MAX = 365
const DAYS_DEFAULT = 7
const TestBody = Type.Object({ text: Type.String({ maxLength: TEXT_MAX }) })
const DryRunBody = Type.Object({
  words: Type.Array(Type.Object({ word: TypedText(WORD_MAX), by_sound: Optional(Bool()) }), { minItems: 1, maxItems: DRY_RUN_WORDS_MAX }),
  days: Optional(Int(1, DAYS_MAX)),
})

export interface WordRoutesNeeds {
  words: Words
  localTime: (at: Date) => string
}

export const wordRoutes =
  ({ words, localTime }: WordRoutesNeeds): Routes =>
  async server => {
    const toItem = ({ created_at, updated_at, ...row }: SensitiveWord) => ({
      ...row,
      create_time: localTime(created_at),
      update_time: localTime(updated_at),
    })

    server.get(
      '/sensitive_words',
      {
        config: { access: 'admin', permission: 'sensitive-word-list-get' },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('words', WordItem)) } },
      },
      async ({ query: { word, ...paging } }) => {
        const { rows, total } = await words.list(word || undefined, toAdminPage(paging))
        return { message: 'OK' as const, data: { words: rows.map(toItem), total_count: total } }
      },
    )

    server.post(
      '/sensitive_words',
      {
        config: { access: 'admin', permission: 'sensitive-word-list-post', refuses: ['invalid'] },
        schema: { body: NewWord, response: { 201: Envelope(WordItem) } },
      },
      async (request, reply) => {
        const { action = 'review', by_sound = false, ...fields } = request.body
        const created = await words.create(operatorOf(request), { action, by_sound, ...fields })
        return reply.code(201).send({ message: 'OK', data: toItem(created) })
      },
    )

    server.get(
      '/sensitive_words/:id',
      { config: { access: 'admin', permission: 'sensitive-word-get' }, schema: { params: Params, response: { 200: Envelope(WordItem) } } },
      async ({ params }) => ({ message: 'OK' as const, data: toItem(await words.get(params.id)) }),
    )

    server.put(
      '/sensitive_words/:id',
      {
        config: { access: 'admin', permission: 'sensitive-word-put', refuses: ['invalid', 'conflict'] },
        schema: { params: Params, body: Change, response: { 201: Envelope(WordItem) } },
      },
      async (request, reply) => {
        const changed = await words.update(operatorOf(request), request.params.id, request.body)
        return reply.code(201).send({ message: 'OK', data: toItem(changed) })
      },
    )

    server.delete(
      '/sensitive_words/:id',
      { config: { access: 'admin', permission: 'sensitive-word-delete' }, schema: { params: Params, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await words.remove(operatorOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )
  }

/** Many words at once; what a text becomes and which words are found in it; what words would find in what is published. */
export const wordToolRoutes =
  ({ words, moderation, foldedText }: { words: Words; moderation: Moderation; foldedText: (text: string) => string }): Routes =>
  async server => {
    const config = { access: 'admin', permission: 'sensitive-word-list-get' } as const

    server.post(
      '/words/import',
      {
        config: { access: 'admin', permission: 'sensitive-word-list-post', refuses: ['invalid'] },
        bodyLimit: IMPORT_BYTES_MAX,
        schema: { body: ImportBody, response: { 200: Envelope(WordImport) } },
      },
      async request => {
        const given = request.body.words.map(({ action = 'review', by_sound = false, ...word }) => ({ ...word, action, by_sound }))
        return { message: 'OK' as const, data: await words.import(operatorOf(request), given) }
      },
    )

    server.post('/words/test', { config, schema: { body: TestBody, response: { 200: Envelope(WordTest) } } }, async ({ body }) => {
      const { action = null, masked, matches } = await moderation.find(body.text)
      return { message: 'OK' as const, data: { action, masked, folded: foldedText(body.text), matches } }
    })

    server.post(
      '/words/dry-run',
      { config: { ...config, refuses: ['conflict'] }, schema: { body: DryRunBody, response: { 200: Envelope(WordDryRun) } } },
      async ({ body }) => {
        const given = body.words.map(({ word, by_sound = false }) => ({ word, bySound: by_sound }))
        return { message: 'OK' as const, data: await words.dryRun(given, body.days ?? DAYS_DEFAULT) }
      },
    )
  }
