import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { ConnectionNotice } from '../shared/connection-notice.tsx'
import { Failure } from '../shared/failure.tsx'
import { Loaded } from '../shared/frame/query-state.tsx'
import { Notice } from '../shared/notice.tsx'
import { AppRouter } from '../shared/router.tsx'
import { AdministratorProvider, useCan } from './administrator.tsx'
import { callApi, useSignedIn } from './api/client.ts'
import type { OwnAdministrator } from './api/types.ts'
import { type Screen, SECTIONS } from './screens.tsx'
import { SecondFactorFirst } from './shell/second-factor-first.tsx'
import { Shell } from './shell/shell.tsx'
import { SignInScreen } from './shell/sign-in-screen.tsx'
import { SignOutButton } from './shell/sign-out-button.tsx'
import { words } from './words.ts'

const SCREENS = SECTIONS.flatMap(section => section.screens)

export function App() {
  const id = useSignedIn()
  return (
    <AppRouter base="/admin">
      <ConnectionNotice />
      {id === undefined ? <SignInScreen /> : <Office key={id} id={id} />}
      <Notice />
    </AppRouter>
  )
}

function Office({ id }: { id: string }) {
  const own = useQuery({
    queryKey: [id, 'me'],
    queryFn: ({ signal }) => callApi<OwnAdministrator>('admin/me', { signal }),
    staleTime: 60_000, // what is offered; the server looks at each request
    refetchOnWindowFocus: true,
  })
  if (own.isError && !own.data)
    return (
      <main className="sign-in-screen">
        <Failure hint={own.error.message}>
          <SignOutButton />
        </Failure>
      </main>
    )
  return (
    <Loaded query={own}>
      {administrator => (
        <AdministratorProvider own={administrator}>
          {administrator.must_set_up_second_factor ? <SecondFactorFirst /> : <Screens />}
        </AdministratorProvider>
      )}
    </Loaded>
  )
}

const Screens = () => (
  <Shell>
    <Suspense fallback={<Loader role="status" className="loading" aria-label={words.loading} />}>
      <Switch>
        {SCREENS.map(screen => (
          <Route key={screen.path} path={screen.path}>
            <Allowed screen={screen} />
          </Route>
        ))}
        <Route>
          <Failure title={words.noSuchPage} />
        </Route>
      </Switch>
    </Suspense>
  </Shell>
)

function Allowed({ screen: { code, Content } }: { screen: Screen }) {
  const can = useCan()
  return code === undefined || can(code) ? <Content /> : <Failure title={words.notAllowed} />
}
