// What readers send in to be verified: name, number and pictures of their identity card. All of it is encrypted. The pictures
// are shown to their owner and to administrators only, and each view is recorded.

import type { FileId, ReaderId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import { invalid, notFound } from '../../base/problem.ts'
import type { Sealing } from '../../base/sealing.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { IdentityPicture } from './identity.schema.ts'
import { ID_NUMBER_PATTERN, ID_NUMBER_REFUSAL } from './identity.schema.ts'
import {
  findIdentityPicture,
  findIdentityTexts,
  type IdentityChange,
  type IdentityViewer,
  insertIdentityView,
  upsertIdentity,
} from './identity.sql.ts'
import { replaceLegalize } from './legalizes.sql.ts'

export type Identity = ReturnType<typeof createIdentity>

export interface IdentityNeeds {
  db: Db
  log: Log
  sealing: Sealing
  storePrivatePicture(owner: ReaderId, input: Buffer): Promise<FileId>
  openPrivatePicture(id: FileId): Promise<{ bytes: Buffer; extension: string }>
}

export interface IdentityInput extends Partial<Record<IdentityPicture, Buffer>> {
  real_name?: string
  id_number?: string
}

export const REAL_NAME_MAX = 32
const ID_NUMBER = new RegExp(ID_NUMBER_PATTERN)
const nameOf = (by: IdentityViewer) => (by === 'reader' ? by : (by.id ?? by.name))

export function createIdentity({ db, log, sealing, storePrivatePicture, openPrivatePicture }: IdentityNeeds) {
  return {
    /** Checks the texts and returns them as they will be stored. */
    normalize({ real_name, id_number }: IdentityInput): { real_name?: string; id_number?: string } {
      const number = id_number?.trim().toUpperCase()
      if (number !== undefined && !ID_NUMBER.test(number)) throw invalid(ID_NUMBER_REFUSAL)
      return {
        ...(real_name === undefined ? {} : { real_name: normalizeLine('real_name', real_name, REAL_NAME_MAX) }),
        ...(number === undefined ? {} : { id_number: number }),
      }
    },

    /** Encrypts texts and stores pictures, for `save`. A picture that is then not saved is deleted after a day. */
    async prepare(reader: ReaderId, { real_name, id_number, ...pictures }: IdentityInput): Promise<IdentityChange> {
      const change: IdentityChange = {}
      for (const [name, text] of Object.entries({ real_name, id_number }) as ['real_name' | 'id_number', string | undefined][])
        if (text !== undefined) change[name] = sealing.seal(Buffer.from(text), `${name} ${reader}`)
      for (const [name, bytes] of Object.entries(pictures) as [IdentityPicture, Buffer][])
        change[name] = await storePrivatePicture(reader, bytes)
      return change
    },

    /**
     * Also applies to be verified, anew if an application waits: an administrator who has seen what it was about then decides nothing.
     * Fields that are left out stay as they are. A picture that is replaced is deleted after a day.
     */
    async save(tx: Tx, reader: ReaderId, change: IdentityChange): Promise<void> {
      if (Object.keys(change).length === 0) return
      await upsertIdentity(tx, reader, change)
      await replaceLegalize(tx, reader)
    },

    ...createIdentityReader({ db, log, sealing }),

    async view(reader: ReaderId, picture: IdentityPicture, by: IdentityViewer) {
      const id = await findIdentityPicture(db, reader, picture)
      if (!id) throw notFound('There is no such picture.')
      await insertIdentityView(db, reader, picture, by)
      log.info({ reader, picture, by: nameOf(by) }, 'identity picture shown')
      return openPrivatePicture(id)
    },
  }
}

/** Reads name and number. Each reading is recorded. */
export function createIdentityReader({ db, log, sealing }: Pick<IdentityNeeds, 'db' | 'log' | 'sealing'>) {
  return {
    /** Name and number; undefined if the reader has sent neither. */
    async readTexts(reader: ReaderId, by: IdentityViewer) {
      const row = await findIdentityTexts(db, reader)
      if (!row?.real_name && !row?.id_number) return undefined
      await insertIdentityView(db, reader, 'texts', by)
      log.info({ reader, by: nameOf(by) }, 'identity shown')
      const open = (name: 'real_name' | 'id_number') => row[name] && sealing.open(row[name], `${name} ${reader}`).toString()
      return { real_name: open('real_name'), id_number: open('id_number') }
    },
  }
}
