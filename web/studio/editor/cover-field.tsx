import { Button, FileButton, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { PICTURE_TYPES, uploadPicture } from '../api/upload-picture.ts'
import { MaterialPicker } from '../materials/material-picker.tsx'
import { refusalOf } from '../refusal.ts'
import type { Cover } from './article-draft.ts'
import { editorWords as words } from './editor-words.ts'

const TYPES = [
  { value: '-1', label: words.coverAuto },
  { value: '0', label: words.coverNone },
  { value: '1', label: words.coverOne },
  { value: '3', label: words.coverThree },
]

export interface CoverFieldProps {
  cover: Cover
  /** Gets what turns the cover of then into the new one: several pictures may be on their way. */
  onChange: (change: (cover: Cover) => Cover) => void
}

export function CoverField({ cover, onChange }: CoverFieldProps) {
  const [uploading, setUploading] = useState<number[]>([])
  /** The place that a picture is picked for. */
  const [picking, setPicking] = useState<number>()
  const put = (at: number, url: string) =>
    onChange(now => ({ ...now, images: Array.from({ length: 3 }, (_, i) => (i === at ? url : (now.images[i] ?? ''))) }))
  const upload = async (at: number, file: File | null) => {
    if (!file) return
    setUploading(now => [...now, at])
    try {
      put(at, await uploadPicture(file))
    } catch (err) {
      showNotice(words.uploadFailed(refusalOf(err)))
    } finally {
      setUploading(now => now.filter(place => place !== at))
    }
  }
  return (
    <fieldset className="cover">
      <legend>{words.cover}</legend>
      <SegmentedControl
        aria-label={words.cover}
        data={TYPES}
        value={String(cover.type)}
        onChange={type => onChange(now => ({ ...now, type: Number(type) as Cover['type'] }))}
      />
      <div className="pictures">
        {Array.from({ length: Math.max(0, cover.type) }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a place of the cover has no other name
          <div key={i} className="picture">
            {cover.images[i] ? <img src={cover.images[i]} alt={words.coverPicture(i + 1)} /> : <div className="no-cover" />}
            {cover.images[i] ? (
              <Button variant="default" size="compact-sm" onClick={() => put(i, '')}>
                {words.removePicture}
              </Button>
            ) : (
              <>
                <FileButton
                  accept={PICTURE_TYPES}
                  onChange={file => void upload(i, file)}
                  inputProps={{ 'aria-label': words.coverPicture(i + 1) }}
                >
                  {props => (
                    <Button {...props} variant="default" size="compact-sm" loading={uploading.includes(i)}>
                      {words.choosePicture}
                    </Button>
                  )}
                </FileButton>
                <Button variant="subtle" size="compact-sm" onClick={() => setPicking(i)}>
                  {words.pickMaterial}
                </Button>
              </>
            )}
          </div>
        ))}
      </div>
      {picking !== undefined && <MaterialPicker onPick={url => put(picking, url)} onClose={() => setPicking(undefined)} />}
    </fieldset>
  )
}
