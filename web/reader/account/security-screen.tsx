// A reader's sessions, mobile number and data.

import { requestSignIn } from '../../shared/api/session.ts'
import { BackBar } from '../back-bar.tsx'
import { words } from '../words.ts'
import { MobileChange } from './mobile-change.tsx'
import { SessionList } from './session-list.tsx'
import { YourData } from './your-data.tsx'

export function SecurityScreen({ viewer }: { viewer: string }) {
  return (
    <>
      <BackBar>{null}</BackBar>
      <main className="security-screen">
        <h1>{words.security}</h1>
        {viewer === 'device' ? (
          <button type="button" className="button" onClick={() => requestSignIn()}>
            {words.signIn}
          </button>
        ) : (
          <>
            <SessionList viewer={viewer} />
            <MobileChange viewer={viewer} />
            <YourData />
          </>
        )}
      </main>
    </>
  )
}
