// What the screens show if they have nothing to show.

import { Failure } from '../shared/failure.tsx'
import { Link } from '../shared/router.tsx'
import { words } from './words.ts'

/** Something is not there; the way on is the front page. */
export const NotFound = ({ title, hint }: { title: string; hint?: string }) => (
  <Failure title={title} hint={hint}>
    <Link className="button" href="/" replace>
      {words.home}
    </Link>
  </Failure>
)
