import type { ReactNode } from 'react'
import { sharedWords } from './words.ts'

/** Says that something could not be loaded. The children are what the reader can do about it. */
export function Failure({ title = sharedWords.loadFailed, hint, children }: { title?: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="failure" role="alert">
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  )
}

export const LoadFailure = ({ retry }: { retry: () => unknown }) => (
  <Failure hint={sharedWords.loadFailedHint}>
    <button type="button" className="button" onClick={() => void retry()}>
      {sharedWords.retry}
    </button>
  </Failure>
)
