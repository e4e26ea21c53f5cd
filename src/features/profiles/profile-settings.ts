// The profile fields a reader can edit.

import type { Clock } from '../../base/clock.ts'
import type { ReaderId } from '../../base/id.ts'
import { parseMoment } from '../../base/iso-time.ts'
import { conflict, invalid, unauthenticated } from '../../base/problem.ts'
import { normalizeLine, normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Files } from '../files/files.ts'
import { IDENTITY_PICTURES, identityPicturePath } from '../identity/identity.schema.ts'
import type { Identity, IdentityInput } from '../identity/identity.ts'
import type { Moderation } from '../moderation/moderation.ts'
import { findProfileSettings, type ProfileChange, updateProfile } from './profile-settings.sql.ts'
import { photoPath } from './profiles.ts'

export type ProfileSettings = ReturnType<typeof createProfileSettings>

/** Fields that are left out stay as they are. */
export interface ProfileInput extends IdentityInput {
  /** The bytes of a picture. */
  photo?: Buffer
  name?: string
  gender?: number
  birthday?: string
  intro?: string
  email?: string
}

export const NAME_MAX = 7
export const INTRO_MAX = 60
/** Existing clients know the values 0 and 1 only, and have always received 0 for a gender that is not set. */
const GENDER_UNSET = 0

export interface ProfileSettingsNeeds {
  db: Db
  absoluteUrl: (path: string) => string
  clock: Clock
  /** A day begins where the readers are. */
  localTime: (at: Date) => string
  storePicture: Files['storePicture']
  identity: Pick<Identity, 'normalize' | 'prepare' | 'save'>
  /** Sensitive words. */
  checkProfile: Moderation['checkProfile']
}

export function createProfileSettings({ db, absoluteUrl, clock, localTime, storePicture, identity, checkProfile }: ProfileSettingsNeeds) {
  function validateChange({ name, gender, birthday, intro, email }: ProfileInput): ProfileChange {
    const change: ProfileChange = {}
    if (name !== undefined) change.name = normalizeLine('name', name, NAME_MAX)
    if (intro !== undefined) change.intro = normalizeText('intro', intro, INTRO_MAX)
    if (gender !== undefined) change.gender = gender
    if (birthday !== undefined) change.birthday = parseBirthday(birthday, localTime(new Date(clock())).slice(0, 10))
    if (email !== undefined) change.email = parseEmail(email)
    return change
  }

  return {
    async get(id: ReaderId) {
      const reader = await findProfileSettings(db, id)
      if (!reader) throw unauthenticated('User must be authorized.')
      return {
        id,
        name: reader.name,
        photo: absoluteUrl(photoPath(id, reader.photo)),
        mobile: reader.mobile ?? '',
        gender: reader.gender ?? GENDER_UNSET,
        birthday: reader.birthday ?? '',
        intro: reader.intro,
        email: reader.email ?? '',
      }
    },

    /** All or nothing. Returns the changed fields as they are stored, and pictures as their addresses. */
    async update(id: ReaderId, { photo, ...input }: ProfileInput) {
      const change = validateChange(input)
      const { real_name, id_number, id_card_front, id_card_back, id_card_handheld } = input
      const texts = identity.normalize({ real_name, id_number })
      for (const field of ['name', 'intro'] as const) if (change[field]) await checkProfile(id, change[field], field)
      // Pictures are stored after texts are checked, and before anything is changed.
      const stored = photo && (await storePicture(id, photo))
      if (stored) change.photo = stored.path
      const proof = await identity.prepare(id, withoutUndefined({ ...texts, id_card_front, id_card_back, id_card_handheld }))
      await db.transaction().execute(async tx => {
        if (Object.keys(change).length > 0 && (await updateProfile(tx, id, change)) === 'taken') throw conflict('User name has existed.')
        await identity.save(tx, id, proof)
      })
      const pictures = IDENTITY_PICTURES.filter(name => input[name]).map(name => [name, absoluteUrl(identityPicturePath(name))])
      return { id, ...change, birthday: input.birthday, photo: stored?.url, ...texts, ...Object.fromEntries(pictures) }
    },
  }
}

/** An empty one removes the birthday. */
export const BIRTHDAY_PATTERN = '^(\\d{4}-\\d{2}-\\d{2})?$'
export const BIRTHDAY_REFUSAL = 'birthday must be a day in the past, as YYYY-MM-DD'
const BIRTHDAY = new RegExp(BIRTHDAY_PATTERN)

/** `today` is the day where the readers are. Empty text removes the birthday. */
export function parseBirthday(input: string, today: string): string | null {
  if (input === '') return null
  const exists = BIRTHDAY.test(input) && parseMoment(`${input}T00:00Z`) !== undefined
  // No living reader was born before 1900.
  if (!exists || input < '1900-01-01' || input > today) throw invalid(BIRTHDAY_REFUSAL, { field: 'birthday' })
  return input
}

/** Nothing is sent to it: only its form is checked. Null removes it. */
function parseEmail(typed: string): string | null {
  const email = typed.trim()
  if (email === '') return null
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || /\p{Cc}/u.test(email) || !email.isWellFormed())
    throw invalid('email is no address', { field: 'email' })
  return email
}

const withoutUndefined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
