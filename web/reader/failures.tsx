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
