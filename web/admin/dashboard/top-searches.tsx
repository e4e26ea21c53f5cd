import { Loaded } from '../../shared/frame/query-state.tsx'
import { useData } from '../api/hooks.ts'
import type { AdminList, Keyword } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { dashboardWords as words } from './dashboard-words.ts'

export function TopSearches() {
  const query = useData<AdminList<'keywords', Keyword>>('mis/statistics_search?per_page=10')
  return (
    <section>
      <h2>{words.searched}</h2>
      <Loaded query={query}>
        {({ keywords }) => (
          <DataTable
            label={words.searched}
            items={keywords}
            keyOf={({ keyword }) => keyword}
            columns={[
              { name: words.keyword, cell: ({ keyword }) => keyword, isHead: true },
              { name: words.searchers, cell: ({ user_count }) => user_count, isNumber: true },
            ]}
          />
        )}
      </Loaded>
    </section>
  )
}
