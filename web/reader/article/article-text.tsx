// The HTML of an article. The server has sanitised it already. It is sanitised again here for articles that were stored before
// a rule existed, or that come from another server with this API.

import DOMPurify from 'dompurify'
import { type Ref, Suspense, type SyntheticEvent, useMemo, useState } from 'react'
import { lazySheet } from '../../shared/lazy-part.tsx'
import { articleWords as words } from './article-words.ts'

const Lightbox = lazySheet(() => import('./lightbox.tsx'), 'Lightbox')

/** Each has the direction of its first letter, unless the author said which, or it is within such a block. */
const BLOCKS = new Set(['P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'DL', 'TABLE', 'BLOCKQUOTE', 'PRE', 'FIGURE'])

const purify = DOMPurify(window)
purify.addHook('afterSanitizeAttributes', element => {
  if (BLOCKS.has(element.nodeName) && !element.closest('[dir]')) element.setAttribute('dir', 'auto')
  // Wider than the column they are scrolled sideways, also with the keyboard.
  if (element instanceof HTMLPreElement || element instanceof HTMLTableElement) element.tabIndex = 0
  if (element instanceof HTMLAnchorElement && element.origin !== location.origin) {
    element.target = '_blank'
    element.rel = 'noopener noreferrer nofollow'
  }
  if (element instanceof HTMLImageElement) {
    element.loading = 'lazy'
    element.decoding = 'async'
    element.alt ||= ''
    element.dataset.loading = ''
    // A picture inside a link opens the link.
    if (!element.closest('a')) {
      element.tabIndex = 0
      element.setAttribute('role', 'button')
      element.setAttribute('aria-label', `${words.enlarge} ${element.alt}`.trim())
    }
  }
})

const RULES = {
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'svg', 'math'],
  FORBID_ATTR: ['style', 'id', 'class'],
}

export function ArticleText({ html, language, ref }: { html: string; language: string | undefined; ref?: Ref<HTMLDivElement> }) {
  const clean = useMemo(() => ({ __html: purify.sanitize(html, RULES) }), [html])
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
        dangerouslySetInnerHTML={clean}
        onLoadCapture={endLoading}
        onErrorCapture={endLoading}
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

/** The picture has loaded, or never will: the style no longer reserves space for it. */
function endLoading({ target }: SyntheticEvent): void {
  if (target instanceof HTMLImageElement) target.removeAttribute('data-loading')
}
