// How much waits in each queue, and what does not run as it should. What an administrator may not see is not asked for.

import { Link } from '../../shared/router.tsx'
import { useCan } from '../administrator.tsx'
import { useData } from '../api/hooks.ts'
import type { AdminList, Consumer, Counter, Job } from '../api/types.ts'
import { dashboardWords as words } from './dashboard-words.ts'

const EVERY_MS = 30_000 // an editor looks again after a coffee; each look costs a few counts

interface Entry {
  path: string
  name: string
  count: number | undefined
}

export function Waiting() {
  const can = useCan()
  const everyMs = EVERY_MS
  const articles = useData<AdminList<'articles', unknown>>('mis/articles?status_list=1&per_page=10', {
    enabled: can('article-list-get'),
    everyMs,
  })
  const comments = useData<AdminList<'comments', unknown>>('admin/held-comments?per_page=10', {
    enabled: can('held-comment-list-get'),
    everyMs,
  })
  const reports = useData<AdminList<'reports', unknown>>('admin/reports?per_page=10', { enabled: can('report-list-get'), everyMs })
  const appeals = useData<AdminList<'appeals', unknown>>('admin/appeals?per_page=10', { enabled: can('appeal-list-get'), everyMs })
  const applications = useData<AdminList<'legalizes', unknown>>('mis/legalizes?status=1&per_page=10', {
    enabled: can('legalize-list-get'),
    everyMs,
  })
  const jobs = useData<Job[]>('admin/jobs', { enabled: can('job-list-get'), everyMs })
  const consumers = useData<Consumer[]>('admin/consumers', { enabled: can('consumer-list-get'), everyMs })
  const counters = useData<Counter[]>('admin/counters', { enabled: can('counter-list-get'), everyMs })

  const queues: Entry[] = [
    { path: '/articles', name: words.screens.articles, count: articles.data?.total_count },
    { path: '/comments', name: words.screens.comments, count: comments.data?.total_count },
    { path: '/reports', name: words.screens.reports, count: reports.data?.total_count },
    { path: '/appeals', name: words.screens.appeals, count: appeals.data?.total_count },
    { path: '/applications', name: words.screens.applications, count: applications.data?.total_count },
  ]
  const troubles: Entry[] = [
    { path: '/jobs', name: words.failedJobs, count: jobs.data?.filter(({ last_outcome }) => isFailure(last_outcome)).length },
    { path: '/consumers', name: words.setAside, count: consumers.data?.reduce((sum, { set_aside }) => sum + set_aside, 0) },
    { path: '/counters', name: words.drifted, count: counters.data?.filter(({ last_drift }) => (last_drift ?? 0) > 0).length },
  ]
  const shown = [...queues.filter(({ count }) => count !== undefined), ...troubles.filter(({ count }) => count)]
  return (
    <section>
      <h2>{words.waiting}</h2>
      {shown.every(({ count }) => count === 0) && <p className="empty">{words.nothingWaiting}</p>}
      <ul className="tiles">
        {shown.map(({ path, name, count }) => (
          <li key={path} data-waits={count !== 0}>
            <Link href={path}>
              <span>{name}</span> <strong>{count}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const isFailure = (outcome: string | null) => outcome === 'failed' || outcome === 'timed_out'
