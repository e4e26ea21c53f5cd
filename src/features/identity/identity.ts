// What readers send in to be verified: name, number and pictures of their identity card. All of it is encrypted. The pictures
// are shown to their owner and to administrators only, and each view is recorded.

import type { AdministratorId, FileId, ReaderId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import { invalid, notFound } from '../../base/problem.ts'
import type { Sealing } from '../../base/sealing.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import type { IdentityPicture } from './identity.schema.ts'
import { ID_NUMBER_PATTERN, ID_NUMBER_REFUSAL } from './identity.schema.ts'
import { findIdentityPicture, findIdentityTexts, type IdentityChange, insertIdentityView, upsertIdentity } from './identity.sql.ts'
import { openLegalize } from './legalizes.sql.ts'

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

    /** Also applies to be verified. Fields that are left out stay as they are. A picture that is replaced is deleted after a day. */
    async save(reader: ReaderId, { real_name, id_number, ...pictures }: IdentityInput): Promise<void> {
      const change: IdentityChange = {}
      for (const [name, text] of Object.entries({ real_name, id_number }) as ['real_name' | 'id_number', string | undefined][])
        if (text !== undefined) change[name] = sealing.seal(Buffer.from(text), `${name} ${reader}`)
      for (const [name, bytes] of Object.entries(pictures) as [IdentityPicture, Buffer][])
        change[name] = await storePrivatePicture(reader, bytes)
      if (Object.keys(change).length === 0) return
      await upsertIdentity(db, reader, change)
      await openLegalize(db, reader)
    },

    ...createIdentityReader({ db, log, sealing }),

    /** `by`: the administrator who looks at it; undefined for the reader. */
    async view(reader: ReaderId, picture: IdentityPicture, by: AdministratorId | undefined) {
      const id = await findIdentityPicture(db, reader, picture)
      if (!id) throw notFound('There is no such picture.')
      await insertIdentityView(db, reader, picture, by)
      log.info({ reader, picture, administrator: by ?? null }, 'identity picture shown')
      return openPrivatePicture(id)
    },
  }
}

/** Reads name and number. Each reading is recorded. */
export function createIdentityReader({ db, log, sealing }: Pick<IdentityNeeds, 'db' | 'log' | 'sealing'>) {
  return {
    /** Name and number; undefined if the reader has sent neither. `by`: the administrator who looks at them, or the command line. */
    async readTexts(reader: ReaderId, by: AdministratorId | undefined) {
      const row = await findIdentityTexts(db, reader)
      if (!row?.real_name && !row?.id_number) return undefined
      await insertIdentityView(db, reader, 'texts', by)
      log.info({ reader, administrator: by ?? null }, 'identity shown')
      const open = (name: 'real_name' | 'id_number') => row[name] && sealing.open(row[name], `${name} ${reader}`).toString()
      return { real_name: open('real_name'), id_number: open('id_number') }
    },
  }
}
