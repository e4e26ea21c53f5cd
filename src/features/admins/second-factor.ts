// The second factor of administrators: the six digits that an authenticator app shows (TOTP, RFC 6238), or a recovery code.
// It is asked for after the right password, by those administrators who have set it up.

import { createHash, randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verify } from 'otplib'
import type { Clock } from '../../base/clock.ts'
import type { AdministratorId, AdministratorSessionId } from '../../base/id.ts'
import { conflict, forbidden, notFound } from '../../base/problem.ts'
import type { Sealing } from '../../base/sealing.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import {
  confirmSecret,
  countRecoveryCodes,
  findSecondFactor,
  removeSecondFactor,
  saveSecret,
  takeRecoveryCode,
  takeStep,
} from './second-factor.sql.ts'

export interface Needs {
  db: Db
  clock: Clock
  sealing: Sealing
}

export type SecondFactor = ReturnType<typeof createSecondFactor>

const ISSUER = 'Broadsheet'
/** A phone's clock may differ by one step of 30 s (RFC 6238 §5.2). */
const CLOCK_TOLERANCE_SECONDS = 30
const RECOVERY_CODES = 10 // as many as fit a note in a wallet
const RECOVERY_BYTES = 10 // 80 bits: too many to guess, so that a plain hash protects them
const TOTP_CODE = /^\d{6}$/

export function createSecondFactor({ db, clock, sealing }: Needs) {
  const contextOf = (id: AdministratorId) => `second factor ${id}`

  /** The step of the code; undefined if it is wrong. */
  async function findStep(id: AdministratorId, sealed: Buffer, code: string): Promise<number | undefined> {
    if (!TOTP_CODE.test(code)) return undefined
    const secret = sealing.open(sealed, contextOf(id)).toString()
    const result = await verify({ secret, token: code, epoch: Math.floor(clock() / 1_000), epochTolerance: CLOCK_TOLERANCE_SECONDS })
    return result.valid && 'timeStep' in result ? result.timeStep : undefined
  }

  return {
    async find(id: AdministratorId): Promise<{ enabled: boolean; recovery_codes: number }> {
      const row = await findSecondFactor(db, id)
      return { enabled: row?.confirmed ?? false, recovery_codes: await countRecoveryCodes(db, id) }
    },

    /** Creates a secret for an authenticator app. It counts once it is confirmed. */
    async begin(id: AdministratorId, account: string): Promise<{ secret: string; uri: string }> {
      const secret = generateSecret()
      if (!(await saveSecret(db, id, sealing.seal(Buffer.from(secret), contextOf(id)))))
        throw conflict('A second factor is set up already.')
      return { secret, uri: generateURI({ issuer: ISSUER, label: account, secret }) }
    },

    /** Returns the recovery codes, which are shown this once. Ends all sessions but `keep`. */
    async confirm(id: AdministratorId, code: string, keep: AdministratorSessionId): Promise<string[]> {
      const row = await findSecondFactor(db, id)
      if (!row) throw notFound('Begin to set up a second factor first.')
      if (row.confirmed) throw conflict('A second factor is set up already.')
      const step = await findStep(id, row.secret, code)
      if (step === undefined) throw forbidden('Wrong code.')
      const codes = Array.from({ length: RECOVERY_CODES }, createRecoveryCode)
      if (!(await confirmSecret(db, id, { secret: row.secret, step, codeHashes: codes.map(hashRecoveryCode), keep })))
        throw conflict('A second factor was set up at the same moment.')
      return codes
    },

    /** Whether the administrator has set up a second factor. */
    isEnabled: async (id: AdministratorId) => (await findSecondFactor(db, id))?.confirmed ?? false,

    /** Uses the code up: each passes once. */
    async check(id: AdministratorId, code: string): Promise<boolean> {
      const row = await findSecondFactor(db, id)
      if (!row?.confirmed) return false
      const step = await findStep(id, row.secret, code)
      return step === undefined ? takeRecoveryCode(db, id, hashRecoveryCode(code)) : takeStep(db, id, step)
    },

    remove: (id: AdministratorId, tx: Db | Tx = db) => removeSecondFactor(tx, id),
  }
}

/** Four groups of five letters and digits. */
function createRecoveryCode(): string {
  return (randomBytes(RECOVERY_BYTES).toString('hex').match(/.{5}/g) as string[]).join('-')
}

const hashRecoveryCode = (code: string) =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^0-9a-f]/g, ''))
    .digest()
