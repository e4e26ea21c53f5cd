// `reader export|delete|change-mobile|freeze|unfreeze ID`: what an operator does for a reader, or about one.

import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSignIn } from '../app/sign-in.ts'
import { parseId, type ReaderId } from '../base/id.ts'
import { notFound } from '../base/problem.ts'
import { createSealing } from '../base/sealing.ts'
import { MOBILE_PATTERN } from '../features/accounts/accounts.schema.ts'
import { createMobileChange } from '../features/accounts/mobile-change.ts'
import { createFreezeReaders } from '../features/accounts/office-users.ts'
import { createOperationLog } from '../features/admins/operation-log.ts'
import { createIdentityReader } from '../features/identity/identity.ts'
import { createDeletion } from '../features/personal-data/deletion.ts'
import { createExport } from '../features/personal-data/export.ts'
import { COMMAND_LINE } from '../http/access.ts'
import { type Command, UsageError, withInfrastructure } from './command.ts'

/** A request whose session was checked before the account was locked has ended after this time. */
const REQUESTS_END_MS = 2_500

function readerIdIn(operands: string[]): ReaderId {
  const id = parseId(operands[0] as string)
  if (!id) throw new UsageError('a reader is given by id, a whole number')
  return id as ReaderId
}

const freezing = (word: 'freeze' | 'unfreeze', about: string): Command => ({
  words: ['reader', word],
  operands: ['ID'],
  about,
  run: call =>
    withInfrastructure(call, async ({ database }) => {
      const id = readerIdIn(call.operands)
      const freeze = createFreezeReaders(createOperationLog(database))
      if ((await freeze(COMMAND_LINE, [id], word === 'freeze')) === 0) throw notFound('there is no such reader')
      return { result: { reader: id.toString(), frozen: word === 'freeze' }, exitCode: 0 }
    }),
})

export const READER_COMMANDS: Command[] = [
  {
    words: ['reader', 'export'],
    operands: ['ID', '[FILE]'],
    about: 'write everything that is stored about a reader as JSON',
    run: call =>
      withInfrastructure(call, async ({ database: { db }, secrets, log }) => {
        const id = readerIdIn(call.operands)
        const file = resolve(call.folder, call.operands[1] ?? `reader-${id}.json`)
        const identity = createIdentityReader({ db, log, sealing: createSealing(secrets.identity) })
        const pieces = await createExport({ db, readIdentity: reader => identity.readTexts(reader, COMMAND_LINE) })(id)
        const target = createWriteStream(file, { mode: 0o600 })
        await pipeline(Readable.from(pieces), target, { signal: call.signal })
        return { result: { reader: id.toString(), file, bytes: target.bytesWritten }, exitCode: 0 }
      }),
  },
  {
    words: ['reader', 'delete'],
    operands: ['ID'],
    about: 'delete everything personal of a reader, at once',
    run: call =>
      withInfrastructure(call, async ({ database: { db }, log }) => {
        const id = readerIdIn(call.operands)
        const rows = await createDeletion({ db, log }).deleteAtOnce(id, () => sleep(REQUESTS_END_MS))
        return { result: { reader: id.toString(), rows }, exitCode: 0 }
      }),
  },
  {
    words: ['reader', 'change-mobile'],
    operands: ['ID', 'NUMBER'],
    about: 'give a reader who has lost their number a new one, and sign them out everywhere',
    run: call => {
      const mobile = call.operands[1] as string
      if (!new RegExp(MOBILE_PATTERN).test(mobile)) throw new UsageError('NUMBER is a mobile number such as 13911111111')
      return withInfrastructure(call, async infrastructure => {
        const id = readerIdIn(call.operands)
        const { db } = infrastructure.database
        const needs = { db, operationLog: createOperationLog({ db }), ...createSignIn(infrastructure) }
        await createMobileChange(needs).replace(COMMAND_LINE, id, mobile)
        return { result: { reader: id.toString(), mobile }, exitCode: 0 }
      })
    },
  },
  freezing('freeze', 'refuse a reader everywhere, within two seconds'),
  freezing('unfreeze', 'let a reader in again'),
]
