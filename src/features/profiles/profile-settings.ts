// What readers say about themselves, and may change.

import type { Clock } from '../../base/clock.ts'
import type { ReaderId } from '../../base/id.ts'
import { conflict, invalid, unauthenticated } from '../../base/problem.ts'
import { countCharacters, normalizeLine, normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import { findProfileSettings, type ProfileChange, updateProfile } from './profile-settings.sql.ts'
import { photoPath } from './profiles.ts'

export type ProfileSettings = ReturnType<typeof createProfileSettings>

/** What may be sent; what is left out stays as it is. */
export interface ProfileInput {
  name?: string
  gender?: number
  birthday?: string
  intro?: string
}

const NAME_MAX = 7
const INTRO_MAX = 60
/** Clients show anything but 0 and 1 as they please, and 0 is what they always got for "never said". */
const UNSAID = 0

export function createProfileSettings({ db, absoluteUrl, clock }: { db: Db; absoluteUrl: (path: string) => string; clock: Clock }) {
  function parseBirthday(given: string): string | null {
    if (given === '') return null
    const day = /^\d{4}-\d{2}-\d{2}$/.test(given) ? new Date(`${given}T00:00:00Z`) : undefined
    // The 30th of February is read as a day in March.
    const exists = day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(given)
    // Nobody alive was born earlier.
    if (!exists || given < '1900-01-01' || day.getTime() > clock()) throw invalid('birthday must be a day in the past, as YYYY-MM-DD')
    return given
  }

  function validateChange({ name, gender, birthday, intro }: ProfileInput): ProfileChange {
    const change: ProfileChange = {}
    if (name !== undefined) {
      change.name = normalizeLine(name)
      if (change.name === '' || countCharacters(change.name) > NAME_MAX) throw invalid(`name must have 1 to ${NAME_MAX} characters`)
    }
    if (intro !== undefined) {
      change.intro = normalizeText(intro)
      if (countCharacters(change.intro) > INTRO_MAX) throw invalid(`intro must have at most ${INTRO_MAX} characters`)
    }
    if (gender !== undefined) change.gender = gender
    if (birthday !== undefined) change.birthday = parseBirthday(birthday)
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
        gender: reader.gender ?? UNSAID,
        birthday: reader.birthday ?? '',
        intro: reader.intro,
      }
    },

    /** Returns what was sent, as it is kept. */
    async change(id: ReaderId, given: ProfileInput) {
      const change = validateChange(given)
      if (Object.keys(change).length > 0 && (await updateProfile(db, id, change)) === 'taken') throw conflict('User name has existed.')
      return { id, ...change, birthday: given.birthday }
    },
  }
}
