// The masthead and the strip of channels, above the feed and the popular lists.

import { useMedia } from '../../shared/media.ts'
import { Link } from '../../shared/router.tsx'
import { formatToday } from '../../shared/time.ts'
import { CornerButtons } from '../corner-buttons.tsx'
import { words } from '../words.ts'
import { Channels } from './channels.tsx'
import { focusFirstArticle } from './keyboard-navigation.ts'
import { PHONE } from './screen-sizes.ts'
import { ViewMenu } from './view-menu.tsx'

interface Props {
  viewer: string
  /** A channel's id, or the popular lists. */
  current: number | 'popular'
  refreshing: boolean
  onRefresh: () => void
}

export function FrontHead(props: Props) {
  const isPhone = useMedia(PHONE)
  return (
    <>
      {props.current !== 'popular' && (
        <button type="button" className="skip" onClick={focusFirstArticle}>
          {words.skipToStories}
        </button>
      )}
      <header className="masthead">
        <p className="date">{formatToday()}</p>
        <h1>
          <Link href="/">Broadsheet</Link>
        </h1>
        <CornerButtons>{isPhone ? <ViewMenu /> : undefined}</CornerButtons>
      </header>
      <Channels {...props} />
    </>
  )
}
