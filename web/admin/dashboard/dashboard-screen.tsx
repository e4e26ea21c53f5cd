// What waits for a decision, what needs attention, and how the site is doing.

import { useCan } from '../administrator.tsx'
import { dashboardWords as words } from './dashboard-words.ts'
import { SiteFigures } from './site-figures.tsx'
import { TopSearches } from './top-searches.tsx'
import { Waiting } from './waiting.tsx'

export function DashboardScreen() {
  const can = useCan()
  return (
    <>
      <div className="head">
        <h1>{words.screens.dashboard}</h1>
      </div>
      <Waiting />
      {can('statistics-basic-get') && <SiteFigures />}
      {can('statistics-search-get') && <TopSearches />}
    </>
  )
}
