import { useState } from 'react'
import Cropper from 'react-easy-crop'
import 'react-easy-crop/react-easy-crop.css'
import { accountWords as words } from '../account/account-words.ts'
import type { Area } from './crop.ts'

const ZOOM_MAX = 4

interface Props {
  picture: string
  /** The chosen square, in pixels of the picture. */
  onCrop(area: Area): void
  onUnreadable(): void
}

export default function SquareCropper({ picture, onCrop, onUnreadable }: Props) {
  const [position, setPosition] = useState({ x: 0, y: 0 })
  const [zoom, setZoom] = useState(1)
  return (
    <>
      <div className="cropper">
        <Cropper
          image={picture}
          aspect={1}
          objectFit="cover"
          cropShape="round"
          showGrid={false}
          maxZoom={ZOOM_MAX}
          crop={position}
          zoom={zoom}
          onCropChange={setPosition}
          onZoomChange={setZoom}
          onCropComplete={(_percent, area) => onCrop(area)}
          mediaProps={{ onError: onUnreadable }}
          disableAutomaticStylesInjection // the page's policy refuses inline styles; the file above has them
        />
      </div>
      <label className="zoom">
        {words.zoom}
        <input type="range" min={1} max={ZOOM_MAX} step={0.01} value={zoom} onChange={({ target }) => setZoom(target.valueAsNumber)} />
      </label>
    </>
  )
}
