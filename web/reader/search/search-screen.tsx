// Search: the box, then either what was searched for before, or results.

import { useLocation, useSearch } from 'wouter'
import { BackBar } from '../back-bar.tsx'
import { words } from '../words.ts'
import { Results } from './results.tsx'
import { SearchBox } from './search-box.tsx'
import { type Asked, pathOf, readAsked } from './search-queries.ts'
import { SearchStart } from './search-start.tsx'

export function SearchScreen({ viewer }: { viewer: string }) {
  const asked = readAsked(useSearch())
  const [, navigate] = useLocation()
  const go = (next: Asked) => navigate(pathOf(next), { replace: asked.q === next.q })
  return (
    <>
      <BackBar className="bar search-bar">
        <SearchBox value={asked.q} onSearch={q => go({ ...asked, q })} />
      </BackBar>
      <main className="search">
        <h1 className="visually-hidden">{words.search}</h1>
        {asked.q === '' ? <SearchStart viewer={viewer} onSearch={q => go({ q })} /> : <Results viewer={viewer} asked={asked} onAsk={go} />}
      </main>
    </>
  )
}
