// How much waits in each queue, and what does not run as it should. What an administrator may not see is not asked for.

import type { PermissionCode } from '../../../src/base/permissions.ts'
import { Link } from '../../shared/router.tsx'
import { useCan } from '../administrator.tsx'
import { useData } from '../api/hooks.ts'
import type { Consumer, Counter, Job } from '../api/types.ts'
import { dashboardWords as words } from './dashboard-words.ts'

const EVERY_MS = 30_000 // an editor looks again after a coffee; each look costs a few counts

interface Entry {
  path: string
  name: string
  isAllowed: boolean
  /** Undefined while it loads, `unknown` if that failed. */
  count: number | 'unknown' | undefined
}

export function Waiting() {
  const queues = [
    useEntry('/articles', words.screens.articles, 'article-list-get', 'mis/articles?status_list=1&per_page=10', totalOf),
    useEntry('/comments', words.screens.comments, 'held-comment-list-get', 'admin/held-comments?per_page=10', totalOf),
    useEntry('/reports', words.screens.reports, 'report-list-get', 'admin/reports?per_page=10', totalOf),
    useEntry('/appeals', words.screens.appeals, 'appeal-list-get', 'admin/appeals?per_page=10', totalOf),
    useEntry('/applications', words.screens.applications, 'legalize-list-get', 'mis/legalizes?status=1&per_page=10', totalOf),
  ].filter(isAllowed)
  const troubles = [
    useEntry('/jobs', words.failedJobs, 'job-list-get', 'admin/jobs', (jobs: Job[]) => jobs.filter(hasFailed).length),
    useEntry('/consumers', words.setAside, 'consumer-list-get', 'admin/consumers', (consumers: Consumer[]) =>
      consumers.reduce((sum, { set_aside }) => sum + set_aside, 0),
    ),
    useEntry('/counters', words.drifted, 'counter-list-get', 'admin/counters', (counters: Counter[]) => counters.filter(hasDrifted).length),
  ].filter(isAllowed)
  const all = [...queues, ...troubles]
  if (all.length === 0) return null
  return (
    <section>
      <h2>{words.waiting}</h2>
      {all.every(({ count }) => count === 0) && <p className="empty">{words.nothingWaiting}</p>}
      <ul className="tiles">
        {[...queues, ...troubles.filter(({ count }) => count)].map(({ path, name, count = '…' }) => (
          <li key={path} data-waits={count !== 0}>
            <Link href={path}>
              <span>{name}</span> <strong>{count === 'unknown' ? words.unknown : count}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function useEntry<Data>(path: string, name: string, code: PermissionCode, from: string, toCount: (data: Data) => number): Entry {
  const enabled = useCan()(code)
  const { data, isError } = useData<Data>(from, { enabled, everyMs: EVERY_MS })
  return { path, name, isAllowed: enabled, count: isError ? 'unknown' : data && toCount(data) }
}

const isAllowed = (entry: Entry) => entry.isAllowed
const totalOf = ({ total_count }: { total_count: number }) => total_count
const hasFailed = ({ last_outcome }: Job) => last_outcome === 'failed' || last_outcome === 'timed_out'
const hasDrifted = ({ last_drift }: Counter) => (last_drift ?? 0) > 0
