// The review queue: the list on one side, the current article on the other. It can be worked through with the keyboard alone.

import { Loader } from '@mantine/core'
import { useState } from 'react'
import { LoadFailure } from '../../shared/failure.tsx'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { useFilters } from '../../shared/frame/use-filters.ts'
import { isolate, textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { useCan } from '../administrator.tsx'
import { useData } from '../api/hooks.ts'
import type { Article, ArticlePage } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { ChoiceFilter, Filters, TextFilter } from '../parts/filters.tsx'
import { KeyButton } from '../parts/key-button.tsx'
import { Queue, useCurrent } from '../parts/queue.tsx'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { ShortcutsSwitch, useQueueShortcuts } from '../parts/shortcuts.tsx'
import { When } from '../parts/when.tsx'
import { ArticleView } from './article-view.tsx'
import { type Decision, KEYS, WITH_REASON } from './decisions.ts'
import { reviewWords as words } from './review-words.ts'
import { useDecide } from './use-decide.ts'
import { useSeen } from './use-seen.ts'

const IN_REVIEW = '1'
const STATUSES = [IN_REVIEW, '2', '3', '5', '0', '4']
const SHOW_NEW = 'v'
const keyOf = ({ article_id }: Article) => article_id

export function ReviewScreen() {
  const can = useCan()
  const [search] = useFilters()
  const status = search.get('status_list') ?? IN_REVIEW
  // What waits longest comes first; of everything else the newest.
  const query = useAdminList<'articles', Article>('mis/articles', { status_list: status, order_by: status === IN_REVIEW ? 'id' : '-id' })
  const [current, choose] = useCurrent(query.data?.articles ?? [], keyOf)
  const article = useData<ArticlePage>(`mis/articles/${current?.article_id}`, {
    enabled: current !== undefined && can('article-get'),
    forgets: true,
  })
  const { decide, undo, isSent } = useDecide()
  const { shown, isOld, showNew } = useSeen(article.data)
  const isBusy = isSent(current?.article_id)
  // A decision of one's own changes the article as well, and then it leaves the list.
  const mustLook = isOld && !isBusy
  const [asked, setAsked] = useState<{ article: ArticlePage; decision: Decision }>()
  const [confirmation, confirm] = useConfirm()

  /** About the article as it is shown, so only when it is there. */
  function begin(decision: Decision): void {
    if (!current || !can('article-list-put') || isBusy) return
    if (!shown) return void showNotice(words.loadingArticle)
    if (mustLook) return void showNotice(words.changedWhileRead)
    if (!shown.actions.includes(decision)) return
    if (WITH_REASON.includes(decision)) setAsked({ article: shown, decision })
    else if (decision === 'delete')
      confirm(words.deleteArticle(isolate(shown.title)), () => decide({ article: shown, decision }), words.actionNames.delete)
    else decide({ article: shown, decision })
  }
  useQueueShortcuts({
    ...Object.fromEntries(Object.entries(KEYS).map(([key, decision]) => [key, () => begin(decision)])),
    u: undo,
    [SHOW_NEW]: showNew,
  })

  return (
    <>
      <div className="head">
        <h1>{words.screens.articles}</h1>
      </div>
      <Filters>
        <ChoiceFilter
          name="status_list"
          label={words.status}
          data={STATUSES.map(value => ({ value, label: words.statuses[value] as string }))}
          initial={IN_REVIEW}
        />
        <TextFilter name="title" label={words.title} />
        <TextFilter name="channel" label={words.channel} />
      </Filters>
      <ShortcutsSwitch
        keys={[
          ...Object.entries(KEYS).map(([key, decision]): [string, string] => [key, words.actionNames[decision] as string]),
          ['u', words.undo],
          [SHOW_NEW, words.showNew],
        ]}
      />
      <div className="review">
        <div className="side">
          <ListPages query={query} name="articles">
            {articles => (
              <Queue label={words.screens.articles} items={articles} keyOf={keyOf} current={current} onChange={choose}>
                {({ title, name, channel_name, update_time }) => (
                  <>
                    <strong {...textAttributes(title)}>{title}</strong>
                    <p className="about">
                      <span {...textAttributes(name)}>{name}</span> · {channel_name} · <When at={update_time} />
                    </p>
                  </>
                )}
              </Queue>
            )}
          </ListPages>
        </div>
        <div className="detail">
          {shown && current ? (
            <ArticleView article={shown}>
              {mustLook && (
                <div className="newer" role="alert">
                  <p>{words.changedWhileRead}</p>
                  <KeyButton hint={SHOW_NEW} onClick={showNew}>
                    {words.showNew}
                  </KeyButton>
                </div>
              )}
              {can('article-list-put') && !mustLook && (
                <div className="actions">
                  {Object.entries(KEYS)
                    .filter(([, decision]) => shown.actions.includes(decision))
                    .map(([key, decision]) => (
                      <KeyButton
                        key={key}
                        hint={key}
                        variant={decision === 'approve' ? 'filled' : 'default'}
                        disabled={isBusy}
                        onClick={() => begin(decision)}
                      >
                        {words.actionNames[decision]}
                      </KeyButton>
                    ))}
                </div>
              )}
            </ArticleView>
          ) : article.isError && current ? (
            <LoadFailure retry={article.refetch} />
          ) : (
            current && article.isFetching && <Loader role="status" className="loading" aria-label={words.loadingArticle} />
          )}
        </div>
      </div>
      {asked && (
        <ReasonDialog
          title={words.why[asked.decision] ?? ''}
          description={words.whyHint}
          submit={words.actionNames[asked.decision] ?? ''}
          isRequired
          onSubmit={reason => decide({ ...asked, reason })}
          onClose={() => setAsked(undefined)}
        />
      )}
      {confirmation}
    </>
  )
}
