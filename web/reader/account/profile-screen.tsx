// A reader's name and introduction, as others see them.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { callApi } from '../../shared/api/client.ts'
import { FormField } from '../../shared/form-field.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { explainFailure } from '../../shared/optimistic.ts'
import { ownProfileQuery } from '../api/queries.ts'
import type { OwnProfile } from '../api/types.ts'
import { mineWords as words } from '../mine/mine-words.ts'
import { OwnScreen } from '../mine/own-screen.tsx'

// The server's limits.
const NAME_MAX = 7
const INTRO_MAX = 60
const CONFLICT = 409

export function ProfileScreen({ viewer }: { viewer: string }) {
  const { data: profile } = useQuery(ownProfileQuery(viewer))
  return (
    <OwnScreen viewer={viewer} title={words.profile}>
      {profile && <ProfileForm key={profile.id} viewer={viewer} profile={profile} />}
    </OwnScreen>
  )
}

function ProfileForm({ viewer, profile }: { viewer: string; profile: OwnProfile }) {
  const client = useQueryClient()
  const [name, setName] = useState(profile.name)
  const [intro, setIntro] = useState(profile.intro)
  const [error, setError] = useState<string>()
  const [saving, setSaving] = useState(false)

  const save = async (event: FormEvent) => {
    event.preventDefault()
    setSaving(true)
    setError(undefined)
    try {
      // Only what has changed: an imported name may be longer than the rule for new ones.
      await callApi('user/profile', { method: 'PATCH', body: { intro, ...(name === profile.name ? {} : { name }) } })
      await client.invalidateQueries({
        predicate: ({ queryKey }) => ['self', 'author'].includes(String(queryKey[0])) && queryKey[1] === viewer,
      })
      showNotice(words.profileSaved)
    } catch (err) {
      setError(explainFailure(err, ({ status }) => (status === CONFLICT ? words.nameTaken : words.nameRefused)))
    } finally {
      setSaving(false)
    }
  }
  return (
    <form className="profile-form" onSubmit={save}>
      <div className="profile">
        <img src={profile.photo} alt="" width="64" height="64" />
        <Link className="button small" href="/account/photo">
          {words.changePhoto}
        </Link>
      </div>
      <FormField label={words.name} error={error}>
        {attributes => (
          <input
            {...attributes}
            required
            maxLength={Math.max(NAME_MAX, profile.name.length)}
            autoComplete="nickname"
            value={name}
            onChange={event => setName(event.target.value)}
          />
        )}
      </FormField>
      <FormField label={words.intro}>
        {attributes => (
          <textarea {...attributes} rows={3} maxLength={INTRO_MAX} value={intro} onChange={event => setIntro(event.target.value)} />
        )}
      </FormField>
      <button type="submit" className="button primary" disabled={saving}>
        {words.save}
      </button>
    </form>
  )
}
