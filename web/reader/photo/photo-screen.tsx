// Change one's photo: choose a picture, crop it to a square, send it.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useId, useState } from 'react'
import { ApiError, callApi } from '../../shared/api/client.ts'
import { requestSignIn } from '../../shared/api/session.ts'
import { showNotice } from '../../shared/notice.tsx'
import { goBack } from '../../shared/router.tsx'
import { accountWords as words } from '../account/account-words.ts'
import { ownProfileQuery } from '../api/queries.ts'
import { BackBar } from '../back-bar.tsx'
import { type Area, cropToJpeg } from './crop.ts'

// 12 kB that few visits need.
const SquareCropper = lazy(() => import('./square-cropper.tsx'))

export function PhotoScreen({ viewer }: { viewer: string }) {
  const { data: profile } = useQuery(ownProfileQuery(viewer))
  const client = useQueryClient()
  const [picture, choose] = useObjectUrl()
  const [area, setArea] = useState<Area>()
  const [sending, setSending] = useState(false)
  const [failure, setFailure] = useState('')
  const input = useId()

  async function send(): Promise<void> {
    if (!picture || !area) return
    setSending(true)
    setFailure('')
    try {
      const form = new FormData()
      form.set('photo', await cropToJpeg(picture, area), 'photo.jpg')
      await callApi('user/photo', { method: 'PATCH', body: form })
      await client.invalidateQueries({ queryKey: ownProfileQuery(viewer).queryKey })
      showNotice(words.photoChanged)
      goBack()
    } catch (err) {
      setFailure(err instanceof ApiError && err.status < 500 ? words.photoUnreadable : words.loadFailedHint)
    } finally {
      setSending(false)
    }
  }

  return (
    <>
      <BackBar>{null}</BackBar>
      <main className="photo-screen">
        <h1>{words.changePhoto}</h1>
        {viewer === 'device' ? (
          <button type="button" className="button" onClick={() => requestSignIn()}>
            {words.signIn}
          </button>
        ) : (
          <>
            <div className="stage">
              {picture ? (
                <Suspense fallback={words.loading}>
                  <SquareCropper picture={picture} onCrop={setArea} onUnreadable={() => setFailure(words.photoUnreadable)} />
                </Suspense>
              ) : (
                profile && <img src={profile.photo} alt={words.photo} />
              )}
            </div>
            <p role="alert">{failure}</p>
            <div className="actions">
              <label htmlFor={input} className="button">
                {words.choosePicture}
                <input
                  id={input}
                  className="visually-hidden"
                  type="file"
                  accept="image/*"
                  onChange={({ target }) => {
                    setArea(undefined)
                    setFailure('')
                    choose(target.files?.[0])
                  }}
                />
              </label>
              {picture && (
                <button type="button" className="button primary" onClick={() => void send()} disabled={!area || sending}>
                  {sending ? words.sending : words.usePhoto}
                </button>
              )}
            </div>
          </>
        )}
      </main>
    </>
  )
}

/** An address for a chosen file. It is released when another is chosen, or when the screen closes. */
function useObjectUrl(): [string | undefined, (file: File | undefined) => void] {
  const [url, setUrl] = useState<string>()
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url])
  return [url, file => setUrl(file && URL.createObjectURL(file))]
}
