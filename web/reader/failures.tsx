// What the screens show if they have nothing to show.

import { Link } from 'wouter'
import { Failure } from '../shared/failure.tsx'
import { words } from './words.ts'

/** Something is not there; the way on is the front page. */
export const NotFound = ({ title, hint }: { title: string; hint?: string }) => (
  <Failure title={title} hint={hint}>
    <Link className="button" href="/" replace>
      {words.home}
    </Link>
  </Failure>
)

export const LoadFailure = ({ retry }: { retry: () => unknown }) => (
  <Failure hint={words.loadFailedHint}>
    <button type="button" className="button" onClick={() => void retry()}>
      {words.retry}
    </button>
  </Failure>
)
