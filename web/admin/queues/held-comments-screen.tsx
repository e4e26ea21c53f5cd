// Comments that contain a sensitive word and wait for an editor.

import { isolate, textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { isUnderWay, useAction } from '../api/hooks.ts'
import type { HeldComment } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { KeyButton } from '../parts/key-button.tsx'
import { Queue, useCurrent } from '../parts/queue.tsx'
import { ShortcutsSwitch, useQueueShortcuts } from '../parts/shortcuts.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { queueWords as words } from './queue-words.ts'

const keyOf = ({ com_id }: HeldComment) => com_id

export function HeldCommentsScreen() {
  const can = useCan()
  const mayDecide = can('held-comment-list-put')
  const query = useAdminList<'comments', HeldComment>('admin/held-comments')
  const [current, choose] = useCurrent(query.data?.comments ?? [], keyOf)
  const decide = useAction(
    async ({ comment, approve }: { comment: HeldComment; approve: boolean }) => {
      const body = { comment_ids: [comment.com_id], approve }
      const { count } = await callApi<{ count: number }>('admin/held-comments', { method: 'PUT', body })
      return { isDecided: count > 0, approve }
    },
    ({ isDecided, approve }) => (isDecided ? (approve ? words.approved : words.refused) : words.decidedMeanwhile),
  )
  const decideCurrent = (approve: boolean) => () => {
    if (current && mayDecide && !isUnderWay(decide, ({ comment }) => keyOf(comment) === keyOf(current)))
      decide.mutate({ comment: current, approve })
  }
  useQueueShortcuts({ a: decideCurrent(true), r: decideCurrent(false) })
  return (
    <>
      <div className="head">
        <h1>{words.screens.comments}</h1>
      </div>
      <ShortcutsSwitch
        keys={[
          ['a', words.approve],
          ['r', words.refuse],
        ]}
      />
      <ListPages query={query} name="comments">
        {comments => (
          <Queue label={words.screens.comments} items={comments} keyOf={keyOf} current={current} onChange={choose}>
            {comment => (
              <>
                <p className="about">
                  <strong {...textAttributes(comment.aut_name)}>{comment.aut_name}</strong> · {words.on(isolate(comment.art_title))} ·{' '}
                  <When at={comment.created_at} />
                </p>
                <p {...textAttributes(comment.content)}>{comment.content}</p>
                {comment.words.length > 0 && <Status color="red">{words.foundWords(words.join(comment.words))}</Status>}
                {mayDecide && (
                  <div className="actions">
                    <KeyButton hint="a" onClick={() => decide.mutate({ comment, approve: true })}>
                      {words.approve}
                    </KeyButton>
                    <KeyButton hint="r" variant="default" onClick={() => decide.mutate({ comment, approve: false })}>
                      {words.refuse}
                    </KeyButton>
                  </div>
                )}
              </>
            )}
          </Queue>
        )}
      </ListPages>
    </>
  )
}
