import type { ReactNode } from 'react'
import { words } from '../reader/words.ts'

/** Something did not come: says so, and what to do about it. */
export function Failure({ title = words.failed, hint, children }: { title?: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="failure" role="alert">
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  )
}
