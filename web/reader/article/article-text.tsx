// The HTML of an article, whose pictures can be enlarged.

import { type Ref, Suspense, type SyntheticEvent, useMemo, useState } from 'react'
import { createHtmlCleaner } from '../../shared/clean-html.ts'
import { lazySheet } from '../../shared/lazy-part.tsx'
import { articleWords as words } from './article-words.ts'
import { isTall } from './pictures.ts'

const Lightbox = lazySheet(() => import('./lightbox.tsx'), 'Lightbox')

const clean = createHtmlCleaner(image => {
  image.dataset.loading = ''
  // A picture inside a link opens the link.
  if (image.closest('a')) return
  image.tabIndex = 0
  image.setAttribute('role', 'button')
  image.setAttribute('aria-label', `${words.enlarge} ${image.alt}`.trim())
})

export function ArticleText({ html, language, ref }: { html: string; language: string | undefined; ref?: Ref<HTMLDivElement> }) {
  const cleaned = useMemo(() => ({ __html: clean(html) }), [html])
  const [enlarged, setEnlarged] = useState<{ images: HTMLImageElement[]; first: number }>()

  const enlarge = (event: SyntheticEvent<HTMLElement>) => {
    const { target, currentTarget } = event
    if (!(target instanceof HTMLImageElement) || target.getAttribute('role') !== 'button') return
    event.preventDefault()
    const images = [...currentTarget.querySelectorAll<HTMLImageElement>('img[role=button]')]
    setEnlarged({ images, first: images.indexOf(target) })
  }
  return (
    <>
      {/* biome-ignore lint: the pictures in it are the buttons */}
      <div
        ref={ref}
        className="text"
        lang={language}
        dir="auto"
        // biome-ignore lint: it has just been sanitised
        dangerouslySetInnerHTML={cleaned}
        onLoadCapture={showLoaded}
        onErrorCapture={endInVain}
        onClick={enlarge}
        onKeyDown={event => (event.key === 'Enter' || event.key === ' ') && enlarge(event)}
      />
      {enlarged && (
        <Suspense>
          <Lightbox images={enlarged.images} first={enlarged.first} onClose={() => setEnlarged(undefined)} />
        </Suspense>
      )}
    </>
  )
}

/** The style no longer reserves space for it. */
function showLoaded({ target }: SyntheticEvent): void {
  if (!(target instanceof HTMLImageElement)) return
  target.removeAttribute('data-loading')
  target.toggleAttribute('data-tall', isTall(target))
}

/** There is nothing to enlarge. */
function endInVain({ target }: SyntheticEvent): void {
  if (target instanceof HTMLImageElement)
    for (const name of ['data-loading', 'role', 'tabindex', 'aria-label']) target.removeAttribute(name)
}
