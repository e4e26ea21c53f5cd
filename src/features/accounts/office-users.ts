// Readers, as administrators manage them: freeze, unfreeze, register.

import { requireAccount } from '../../base/account-name.ts'
import type { ReaderId } from '../../base/id.ts'
import { forbidden, invalid } from '../../base/problem.ts'
import { normalizeLine, normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import type { Files } from '../files/files.ts'
import type { Moderation } from '../moderation/moderation.ts'
import { setFrozen } from './accounts.sql.ts'
import { insertUser, listOfficeUsers, type NewUser, type OfficeUser, type OfficeUserFilter, officeUsersOf } from './office-users.sql.ts'

export type OfficeUsers = ReturnType<typeof createOfficeUsers>

/** The contract's. */
export const NAME_MAX = 7
export const INTRO_MAX = 60
export const PLACE_MAX = 20

export interface UserInput {
  account: string
  name: string
  mobile: string
  gender: number
  /** The bytes of a picture. */
  photo?: Buffer
  introduction?: string
  email?: string
  area?: string
  company?: string
  career?: string
}

/** Returns how many readers there are among `ids`. Every process knows within two seconds. */
export type FreezeReaders = (operator: Operator, ids: ReaderId[], frozen: boolean) => Promise<number>

export const createFreezeReaders =
  (operationLog: OperationLog): FreezeReaders =>
  (operator, ids, frozen) =>
    operationLog.change(operator, async (tx, note) => {
      const users = await officeUsersOf(tx, ids, { lock: true })
      for (const user of users.filter(one => one.frozen !== frozen)) {
        await setFrozen(tx, user.id, frozen)
        const operation = frozen ? 'freeze reader' : 'unfreeze reader'
        note({ operation, description: `reader ${user.id}`, before: { frozen: user.frozen }, after: { frozen } })
      }
      return users.length
    })

export interface OfficeUsersNeeds {
  db: Db
  newId: () => bigint
  operationLog: OperationLog
  storePicture: Files['storePicture']
  checkProfile: Moderation['checkProfile']
}

export function createOfficeUsers({ db, newId, operationLog, storePicture, checkProfile }: OfficeUsersNeeds) {
  const place = (field: string, text: string | undefined) => (text ? normalizeLine(field, text, PLACE_MAX) : null)

  async function get(id: ReaderId): Promise<OfficeUser> {
    const [user] = await officeUsersOf(db, [id])
    if (!user) throw invalid('Invalid user id.')
    return user
  }

  return {
    list: (filter: OfficeUserFilter, page: AdminPage) => listOfficeUsers(db, filter, page),
    get,

    setFrozen: createFreezeReaders(operationLog),

    async create(operator: Operator, given: UserInput): Promise<OfficeUser> {
      requireAccount(given.account)
      const id = newId() as ReaderId
      const fields: Omit<NewUser, 'photo'> = {
        id,
        account: given.account,
        name: normalizeLine('name', given.name, NAME_MAX),
        mobile: given.mobile,
        gender: given.gender,
        intro: normalizeText('introduction', given.introduction ?? '', INTRO_MAX),
        email: given.email || null,
        area: place('area', given.area),
        company: place('company', given.company),
        career: place('career', given.career),
      }
      for (const field of ['name', 'intro'] as const) await checkProfile(undefined, fields[field], field)
      // Before the row, so that a picture that is refused leaves no reader behind. One that belongs to no row is deleted after a day.
      const photo = given.photo ? (await storePicture(undefined, given.photo)).path : null
      await operationLog.change(operator, async (tx, note) => {
        const taken = await insertUser(tx, { ...fields, photo })
        if (taken) throw forbidden(`${fields[taken]} already exists`)
        const filled = Object.entries({ ...fields, photo }).filter(([, value]) => value !== null && value !== '')
        note({ operation: 'add reader', description: `reader ${id}`, after: { fields: filled.map(([field]) => field) } })
      })
      return get(id)
    },
  }
}
