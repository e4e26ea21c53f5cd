// Authors who ask that a decision be reconsidered.

import { useState } from 'react'
import { textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { Appeal, ArticlePage } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { KeyButton } from '../parts/key-button.tsx'
import { Queue, useCurrent } from '../parts/queue.tsx'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { ShortcutsSwitch, useQueueShortcuts } from '../parts/shortcuts.tsx'
import { When } from '../parts/when.tsx'
import { queueWords as words } from './queue-words.ts'
import { sendDecision } from './send-decision.ts'

const keyOf = ({ id }: Appeal) => id

export function AppealsScreen() {
  const mayDecide = useCan()('appeal-list-put')
  const query = useAdminList<'appeals', Appeal>('admin/appeals')
  const [current, choose] = useCurrent(query.data?.appeals ?? [], keyOf)
  const [answered, setAnswered] = useState<{ appeal: Appeal; granted: boolean }>()
  const decide = useAction(
    async ({ appeal, granted, answer }: { appeal: Appeal; granted: boolean; answer: string }) => {
      await sendDecision(`admin/appeals/${appeal.id}`, { granted, answer }, () => findQuicker(appeal))
      return granted
    },
    granted => (granted ? words.granted : words.turnedDown),
  )
  const answer = (granted: boolean) => () => {
    if (current && mayDecide) setAnswered({ appeal: current, granted })
  }
  useQueueShortcuts({ a: answer(true), r: answer(false) })
  return (
    <>
      <div className="head">
        <h1>{words.screens.appeals}</h1>
      </div>
      <ShortcutsSwitch
        keys={[
          ['a', words.grant],
          ['r', words.turnDown],
        ]}
      />
      <ListPages query={query} name="appeals">
        {appeals => (
          <Queue label={words.screens.appeals} items={appeals} keyOf={keyOf} current={current} onChange={choose}>
            {appeal => (
              <>
                <h2 {...textAttributes(appeal.title)}>{appeal.title}</h2>
                <p className="about">
                  <strong {...textAttributes(appeal.author_name)}>{appeal.author_name}</strong> · <When at={appeal.at} /> ·{' '}
                  {words.decided(appeal.reviewer, words.actionNames[appeal.decision] ?? appeal.decision)}
                </p>
                {appeal.decision_reason && <p>{words.because(appeal.decision_reason)}</p>}
                <blockquote {...textAttributes(appeal.reason)}>{appeal.reason}</blockquote>
                {mayDecide && (
                  <div className="actions">
                    <KeyButton hint="a" onClick={() => setAnswered({ appeal, granted: true })}>
                      {words.grant}
                    </KeyButton>
                    <KeyButton hint="r" variant="default" onClick={() => setAnswered({ appeal, granted: false })}>
                      {words.turnDown}
                    </KeyButton>
                  </div>
                )}
              </>
            )}
          </Queue>
        )}
      </ListPages>
      {answered && (
        <ReasonDialog
          title={answered.granted ? words.grant : words.turnDown}
          label={words.answer}
          submit={answered.granted ? words.grant : words.turnDown}
          isRequired={!answered.granted}
          onSubmit={text => decide.mutate({ ...answered, answer: text })}
          onClose={() => setAnswered(undefined)}
        />
      )}
    </>
  )
}

/** From the article: any decision later than the one that is appealed. */
async function findQuicker({ article_id, reviewer, decision, decision_reason }: Appeal): Promise<[string, string] | undefined> {
  const [last] = await callApi<ArticlePage>(`mis/articles/${article_id}`).then(
    article => article.decisions,
    () => [],
  )
  const isAppealed = last?.action === decision && last.reviewer === reviewer && last.reason === decision_reason
  return last && !isAppealed ? [last.reviewer, words.actionNames[last.action] ?? last.action] : undefined
}
