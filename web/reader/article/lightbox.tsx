// The pictures of an article, each as large as the screen. The arrow keys go from one to the next; Escape or a click beside closes.

import { useState } from 'react'
import { IconButton } from '../../shared/icon-button.tsx'
import { Icon } from '../../shared/icons.tsx'
import { useModal } from '../../shared/use-modal.ts'
import { articleWords as words } from './article-words.ts'
import { isTall } from './pictures.ts'

interface Props {
  images: Pick<HTMLImageElement, 'src' | 'alt' | 'naturalHeight' | 'naturalWidth'>[]
  first: number
  onClose(): void
}

export function Lightbox({ images, first, onClose }: Props) {
  const dialog = useModal(onClose)
  const [at, setAt] = useState(first)
  const image = images[at]
  const go = (step: number) => setAt(current => Math.min(images.length - 1, Math.max(0, current + step)))
  return (
    <dialog
      ref={dialog}
      className="lightbox"
      aria-label={words.picture(at + 1, images.length)}
      onClose={onClose}
      onKeyDown={event => {
        if (event.key === 'ArrowLeft') go(-1)
        if (event.key === 'ArrowRight') go(1)
        event.stopPropagation()
      }}
    >
      <form method="dialog">
        {/* A button of the form: a click anywhere on the picture closes it. */}
        <button type="submit" className="whole" aria-label={words.close}>
          {image && <img src={image.src} alt={image.alt} data-tall={isTall(image) || undefined} />}
          <span className="round">
            <Icon name="close" size={24} />
          </span>
        </button>
      </form>
      {images.length > 1 && (
        <div className="steps">
          <IconButton icon="back" label={words.previousPicture} disabled={at === 0} onClick={() => go(-1)} />
          <span aria-hidden="true">
            {at + 1} / {images.length}
          </span>
          <IconButton icon="next" label={words.nextPicture} disabled={at === images.length - 1} onClick={() => go(1)} />
        </div>
      )}
    </dialog>
  )
}
