// What a reader read, saved or wrote.

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { EndlessList } from '../../shared/endless-list.tsx'
import { Failure, LoadFailure } from '../../shared/failure.tsx'
import { IconButton } from '../../shared/icon-button.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { changeOptimistically } from '../../shared/optimistic.ts'
import { useScrollRestoration } from '../../shared/scroll-restoration.ts'
import type { PlainCard } from '../api/types.ts'
import { ListCard } from '../cards/list-card.tsx'
import { Skeletons } from '../feed/skeletons.tsx'
import { cardListQuery, removeFromList } from './mine-queries.ts'
import { mineWords as words } from './mine-words.ts'
import { OwnScreen } from './own-screen.tsx'

const TITLES = { history: words.history, collections: words.collections, articles: words.ownArticles }

interface Props {
  viewer: string
  name: keyof typeof TITLES
  entryKey: string
}

export function CardListScreen({ viewer, name, entryKey }: Props) {
  const query = useInfiniteQuery(cardListQuery(viewer, name))
  const cards = query.data?.pages.flatMap(page => page.results) ?? []
  useScrollRestoration(`${name} ${entryKey}`, query.data !== undefined)
  return (
    <OwnScreen viewer={viewer} title={TITLES[name]}>
      {query.isLoading && <Skeletons />}
      {query.isError && !query.data && <LoadFailure retry={query.refetch} />}
      {query.data && cards.length === 0 && <Failure title={words.empty[name]} />}
      <EndlessList items={cards} keyOf={card => card.art_id} label={TITLES[name]} query={query}>
        {card => <ListCard card={card}>{name === 'collections' && <Uncollect viewer={viewer} card={card} />}</ListCard>}
      </EndlessList>
    </OwnScreen>
  )
}

function Uncollect({ viewer, card: { art_id: id, title } }: { viewer: string; card: PlainCard }) {
  const client = useQueryClient()
  const { queryKey } = cardListQuery(viewer, 'collections')
  const collect = (isOn: boolean) =>
    isOn
      ? callApi('article/collections', { method: 'POST', body: { target: id } })
      : callApi(`article/collections/${id}`, { method: 'DELETE' })
  const uncollect = async () => {
    let putBack = () => {}
    const holds = await changeOptimistically({
      show: () => (putBack = removeFromList<PlainCard>(client, queryKey, card => card.art_id === id)),
      send: () => collect(false),
    })
    void client.invalidateQueries({ queryKey: ['article', viewer, id] })
    if (holds)
      showNotice(words.uncollected, {
        label: words.undo,
        run: () => void changeOptimistically({ show: () => (putBack(), () => {}), send: () => collect(true) }),
      })
  }
  return <IconButton icon="trash" size={18} className="card-menu" label={`${words.uncollect}: ${title}`} onClick={() => void uncollect()} />
}
