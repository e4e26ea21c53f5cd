// The HTML of an article. The server has sanitised it already. It is sanitised again here for articles that were stored before
// a rule existed, or that come from another server with this API.

import DOMPurify from 'dompurify'
import { type SyntheticEvent, useMemo } from 'react'

const purify = DOMPurify(window)
purify.addHook('afterSanitizeAttributes', element => {
  if (element instanceof HTMLAnchorElement && element.origin !== location.origin) {
    element.target = '_blank'
    element.rel = 'noopener noreferrer nofollow'
  }
  if (element instanceof HTMLImageElement) {
    element.loading = 'lazy'
    element.decoding = 'async'
    element.alt ||= ''
    element.dataset.loading = ''
  }
})

const RULES = {
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'svg', 'math'],
  FORBID_ATTR: ['style', 'id', 'class'],
}

export function ArticleText({ html, language }: { html: string; language: string }) {
  const clean = useMemo(() => ({ __html: purify.sanitize(html, RULES) }), [html])
  return (
    <div
      className="text"
      lang={language}
      // biome-ignore lint: it has just been sanitised
      dangerouslySetInnerHTML={clean}
      onLoadCapture={endLoading}
      onErrorCapture={endLoading}
    />
  )
}

/** The picture has loaded, or never will: the style no longer reserves space for it. */
function endLoading({ target }: SyntheticEvent): void {
  if (target instanceof HTMLImageElement) target.removeAttribute('data-loading')
}
