// The server sends nothing that acts. Here it is cleaned once more: a text that was stored before a rule was made, or
// comes from another server of this API, must not act either.

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
    element.dataset.awaited = ''
  }
})

/** A picture is there, or never will be. */
function come({ target }: SyntheticEvent): void {
  if (target instanceof HTMLImageElement) target.removeAttribute('data-awaited')
}

const RULES = {
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'svg', 'math'],
  FORBID_ATTR: ['style', 'id', 'class'],
}

export function Text({ html, language }: { html: string; language: string }) {
  const clean = useMemo(() => ({ __html: purify.sanitize(html, RULES) }), [html])
  // biome-ignore lint: it has just been cleaned
  return <div className="text" lang={language} dangerouslySetInnerHTML={clean} onLoadCapture={come} onErrorCapture={come} />
}
