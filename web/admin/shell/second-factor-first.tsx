// For administrators who may do nothing else until they have a second factor.

import { Suspense } from 'react'
import { lazyScreen } from '../../shared/lazy-part.tsx'
import { words } from '../words.ts'
import { SignOutButton } from './sign-out-button.tsx'

const SecondFactor = lazyScreen(() => import('../account/second-factor.tsx'), 'SecondFactor')

export const SecondFactorFirst = () => (
  <main className="sign-in-screen">
    <h1>{words.officeTitle}</h1>
    <p>{words.mustSetUp}</p>
    <Suspense>
      <SecondFactor />
    </Suspense>
    <SignOutButton />
  </main>
)
