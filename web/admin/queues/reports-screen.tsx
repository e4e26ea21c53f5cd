// What readers reported: kept, or taken away with a reason that its author reads.

import { useState } from 'react'
import type { ApiError } from '../../shared/api/request.ts'
import { textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { isUnderWay, useAction } from '../api/hooks.ts'
import type { Reported } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { KeyButton } from '../parts/key-button.tsx'
import { Queue, useCurrent } from '../parts/queue.tsx'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { ShortcutsSwitch, useQueueShortcuts } from '../parts/shortcuts.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { queueWords as words } from './queue-words.ts'
import { sendDecision } from './send-decision.ts'

const keyOf = ({ kind, target_id }: Reported) => `${kind}-${target_id}`

export function ReportsScreen() {
  const mayDecide = useCan()('report-list-put')
  const query = useAdminList<'reports', Reported>('admin/reports')
  const [current, choose] = useCurrent(query.data?.reports ?? [], keyOf)
  const [removed, setRemoved] = useState<Reported>()
  const decide = useAction(
    async ({ report, decision, reason }: { report: Reported; decision: 'keep' | 'remove'; reason?: string }) => {
      const path = `admin/reports/${report.kind}/${report.target_id}`
      const answer = await sendDecision<{ removed: boolean } | undefined>(path, { decision, reason }, findQuicker)
      return decision === 'keep' ? words.kept : answer?.removed === false ? words.removedBefore : words.removed
    },
    sentence => sentence,
  )
  const isSent = (sent: Reported) => isUnderWay(decide, ({ report }) => keyOf(report) === keyOf(sent))
  useQueueShortcuts({
    a: () => current && mayDecide && !isSent(current) && decide.mutate({ report: current, decision: 'keep' }),
    r: () => mayDecide && setRemoved(current),
  })
  return (
    <>
      <div className="head">
        <h1>{words.screens.reports}</h1>
      </div>
      <ShortcutsSwitch
        keys={[
          ['a', words.keep],
          ['r', words.remove],
        ]}
      />
      <ListPages query={query} name="reports">
        {reports => (
          <Queue label={words.screens.reports} items={reports} keyOf={keyOf} current={current} onChange={choose}>
            {report => (
              <>
                <p className="about">
                  {words.kinds[report.kind]} · <strong {...textAttributes(report.author_name)}>{report.author_name}</strong> ·{' '}
                  {words.reportedBy(report.reports)} · <When at={report.first_at} />
                </p>
                <p {...textAttributes(report.text)}>{report.text}</p>
                <div className="badges">
                  {report.types.map(type => (
                    <Status key={type} color="red">
                      {words.reasons[type] ?? words.reasons[0]}
                    </Status>
                  ))}
                </div>
                {[...new Set(report.remarks)].map(remark => (
                  <blockquote key={remark} {...textAttributes(remark)}>
                    {remark}
                  </blockquote>
                ))}
                {mayDecide && (
                  <div className="actions">
                    <KeyButton hint="a" variant="default" onClick={() => decide.mutate({ report, decision: 'keep' })}>
                      {words.keep}
                    </KeyButton>
                    <KeyButton hint="r" onClick={() => setRemoved(report)}>
                      {words.remove}
                    </KeyButton>
                  </div>
                )}
              </>
            )}
          </Queue>
        )}
      </ListPages>
      {removed && (
        <ReasonDialog
          title={words.removeTitle}
          description={removed.kind === 'article' ? words.removeHint : undefined}
          submit={words.remove}
          isRequired
          onSubmit={reason => decide.mutate({ report: removed, decision: 'remove', reason })}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </>
  )
}

/** The server says it in the refusal. */
async function findQuicker({ message }: ApiError): Promise<[string, string] | undefined> {
  const [, who, decision] = /^No report of it is waiting: (.+) has decided to (keep|remove) it\.$/s.exec(message) ?? []
  return who && (decision === 'keep' || decision === 'remove') ? [who, words[decision]] : undefined
}
