import { SegmentedControl } from '@mantine/core'
import { useFilters } from '../../shared/frame/use-filters.ts'
import { DryRun } from './dry-run.tsx'
import { TextTest } from './text-test.tsx'
import { WordList } from './word-list.tsx'
import { listWords as words } from './words-words.ts'

const TABS = [
  { value: 'list', label: words.list },
  { value: 'test', label: words.test },
  { value: 'dry-run', label: words.dryRun },
]

export function WordsScreen() {
  const [search, change] = useFilters()
  const tab = search.get('tab') ?? 'list'
  return (
    <>
      <div className="head">
        <h1>{words.screens.words}</h1>
        <SegmentedControl data={TABS} value={tab} onChange={value => change({ tab: value === 'list' ? '' : value, page: '' })} />
      </div>
      {tab === 'test' ? <TextTest /> : tab === 'dry-run' ? <DryRun /> : <WordList />}
    </>
  )
}
