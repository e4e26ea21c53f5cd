import { IconButton } from '../../shared/icon-button.tsx'
import { Link } from '../../shared/router.tsx'
import { interestWords as words } from './interest-words.ts'
import { endWelcome, type Picked } from './welcome-state.ts'

/** What has changed by what the reader picked, and where they can change it. */
export const PickedNote = ({ picked: { names, matching, articles } }: { picked: Picked }) => (
  <div className="picked" role="status">
    <p>
      {words.picked(matching, articles, names.join(words.and))} <Link href="/mine/interests">{words.changeInterests}</Link>
    </p>
    <IconButton icon="close" label={words.close} onClick={() => endWelcome()} />
  </div>
)
