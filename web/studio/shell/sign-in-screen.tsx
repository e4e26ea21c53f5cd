import { SignInForm } from '../../shared/account/sign-in-form.tsx'
import { words } from '../words.ts'

export function SignInScreen() {
  return (
    <main className="sign-in-screen">
      <h1>{words.studioTitle}</h1>
      <p>{words.signInHint}</p>
      <SignInForm onDone={() => {}} />
    </main>
  )
}
