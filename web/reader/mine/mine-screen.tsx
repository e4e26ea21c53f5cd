// A viewer's own page: who they are, and the ways to everything of theirs. A device has some of it.

import { useQuery } from '@tanstack/react-query'
import { requestSignIn } from '../../shared/api/session.ts'
import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'
import { formatCount } from '../../shared/time.ts'
import { ownProfileQuery } from '../api/queries.ts'
import { useInstall } from '../offline/install.ts'
import { offlineWords } from '../offline/offline-words.ts'
import { mineWords } from './mine-words.ts'
import { OwnScreen } from './own-screen.tsx'
import { Way } from './way.tsx'

const words = { ...mineWords, ...offlineWords }

export function MineScreen({ viewer }: { viewer: string }) {
  const { data: profile } = useQuery(ownProfileQuery(viewer))
  const install = useInstall()
  const isReader = viewer !== 'device'
  return (
    <OwnScreen viewer={viewer} title={words.mine} isForDevices>
      {!isReader && (
        <div className="profile">
          <p>{words.ofDevice}</p>
          <button type="button" className="button primary" onClick={() => requestSignIn()}>
            {words.signIn}
          </button>
        </div>
      )}
      {profile && (
        <div className="profile">
          <img src={profile.photo} alt="" width="64" height="64" />
          <div>
            <Link className="name" href={`/author/${profile.id}`} {...textAttributes(profile.name)}>
              {profile.name}
            </Link>
            {profile.intro && <p {...textAttributes(profile.intro)}>{profile.intro}</p>}
            <p className="figures">
              <Link href="/mine/articles">
                {words.articles} <b>{formatCount(profile.art_count)}</b>
              </Link>
              <Link href="/mine/followings">
                {words.followings} <b>{formatCount(profile.follow_count)}</b>
              </Link>
              <Link href="/mine/followers">
                {words.followers} <b>{formatCount(profile.fans_count)}</b>
              </Link>
            </p>
          </div>
        </div>
      )}
      <nav className="ways" aria-label={words.mine}>
        {install && (
          <button type="button" onClick={install}>
            <Icon name="plus" />
            {words.install}
          </button>
        )}
        {isReader && <Way href="/mine/history" icon="history" name={words.history} />}
        {isReader && <Way href="/mine/collections" icon="star" name={words.collections} />}
        <Way href="/offline" icon="check" name={words.kept} />
        {isReader && <Way href="/mine/articles" icon="text" name={words.ownArticles} />}
        <Way href="/mine/interests" icon="heart" name={words.interests} />
        {isReader && <Way href="/chats" icon="comment" name={words.chats} />}
        <Way href="/assistant" icon="why" name={words.assistant} />
        <Way href="/mine/turned-off" icon="hide" name={words.turnedOff} />
        <Way href="/channels" icon="grip" name={words.editChannels} />
        {isReader && <Way href="/account/profile" icon="person" name={words.profile} />}
        {isReader && <Way href="/account/security" icon="lock" name={words.security} />}
        {!isReader && <Way href="/announcements" icon="bell" name={words.announcements} />}
      </nav>
    </OwnScreen>
  )
}
