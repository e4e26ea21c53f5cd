// What a reader says of themself: name and introduction, which others see, gender and birthday, which they do not.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, callApi } from '../../shared/api/client.ts'
import { FormField } from '../../shared/form-field.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { explainFailure } from '../../shared/optimistic.ts'
import { Link } from '../../shared/router.tsx'
import { profileSettingsQuery } from '../api/queries.ts'
import type { ProfileSettings } from '../api/types.ts'
import { mineWords as words } from '../mine/mine-words.ts'
import { OwnScreen } from '../mine/own-screen.tsx'

// The server's limits.
const NAME_MAX = 7
const INTRO_MAX = 60
const BIRTHDAY_MIN = '1900-01-01'
const CONFLICT = 409

type Editable = Pick<ProfileSettings, 'name' | 'intro' | 'gender' | 'birthday'>

/** Only what has changed: an imported name may be longer than the rule for new ones. */
const changesOf = (profile: Editable, edited: Editable): Partial<Editable> =>
  Object.fromEntries(Object.entries(edited).filter(([field, value]) => profile[field as keyof Editable] !== value))

const REFUSED = { birthday: words.birthdayRefused, intro: words.introRefused, name: words.nameRefused }

/** The field that the server refuses, and the sentence below it. */
function explainRefusal(err: unknown): { field: keyof typeof REFUSED; text: string | undefined } {
  const { field: named = 'name', words: found } = err instanceof ApiError ? err.refusal : {}
  const field = named in REFUSED ? (named as keyof typeof REFUSED) : 'name'
  const refused = found ? words.notAllowed(found.join('、')) : REFUSED[field]
  return { field, text: explainFailure(err, ({ status }) => (status === CONFLICT ? words.nameTaken : refused)) }
}

export function ProfileScreen({ viewer }: { viewer: string }) {
  const { data: profile } = useQuery(profileSettingsQuery(viewer))
  return (
    <OwnScreen viewer={viewer} title={words.profile}>
      {profile && <ProfileForm key={profile.id} viewer={viewer} profile={profile} />}
    </OwnScreen>
  )
}

function ProfileForm({ viewer, profile }: { viewer: string; profile: ProfileSettings }) {
  const client = useQueryClient()
  const { name, intro, gender, birthday } = profile
  const [edited, setEdited] = useState<Editable>({ name, intro, gender, birthday })
  const [error, setError] = useState<ReturnType<typeof explainRefusal>>()
  const [saving, setSaving] = useState(false)

  const save = async (event: FormEvent) => {
    event.preventDefault()
    setSaving(true)
    setError(undefined)
    const changes = changesOf(profile, edited)
    try {
      await callApi('user/profile', { method: 'PATCH', body: changes })
      await client.invalidateQueries({
        predicate: ({ queryKey }) => ['self', 'profile-settings', 'author'].includes(String(queryKey[0])) && queryKey[1] === viewer,
      })
      showNotice(words.profileSaved)
    } catch (err) {
      setError(explainRefusal(err))
    } finally {
      setSaving(false)
    }
  }
  const edit = (change: Partial<Editable>) => setEdited({ ...edited, ...change })
  const errorOf = (field: keyof Editable) => (error?.field === field ? error.text : undefined)
  return (
    <form className="profile-form" onSubmit={save}>
      <div className="profile">
        <img src={profile.photo} alt="" width="64" height="64" />
        <Link className="button small" href="/account/photo">
          {words.changePhoto}
        </Link>
      </div>
      <FormField label={words.name} error={errorOf('name')}>
        {attributes => (
          <input
            {...attributes}
            required
            maxLength={Math.max(NAME_MAX, profile.name.length)}
            autoComplete="nickname"
            value={edited.name}
            onChange={event => edit({ name: event.target.value })}
          />
        )}
      </FormField>
      <FormField label={words.intro} error={errorOf('intro')}>
        {attributes => (
          <textarea
            {...attributes}
            rows={3}
            maxLength={INTRO_MAX}
            value={edited.intro}
            onChange={event => edit({ intro: event.target.value })}
          />
        )}
      </FormField>
      <FormField label={words.gender}>
        {attributes => (
          <select {...attributes} value={edited.gender} onChange={event => edit({ gender: Number(event.target.value) })}>
            <option value={0}>{words.male}</option>
            <option value={1}>{words.female}</option>
          </select>
        )}
      </FormField>
      <FormField label={words.birthday} error={errorOf('birthday')}>
        {attributes => (
          <input
            {...attributes}
            type="date"
            min={BIRTHDAY_MIN}
            autoComplete="bday"
            value={edited.birthday}
            onChange={event => edit({ birthday: event.target.value })}
          />
        )}
      </FormField>
      <button type="submit" className="button primary" disabled={saving}>
        {words.save}
      </button>
    </form>
  )
}
