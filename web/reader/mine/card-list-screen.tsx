// What a reader read, saved or wrote.

import { useInfiniteQuery } from '@tanstack/react-query'
import { EndlessList } from '../../shared/endless-list.tsx'
import { Failure } from '../../shared/failure.tsx'
import { IconButton } from '../../shared/icon-button.tsx'
import { useHistoryEntry } from '../../shared/router.tsx'
import { hasScrollPosition } from '../../shared/scroll-restoration.ts'
import type { PlainCard } from '../api/types.ts'
import { ListCard } from '../cards/list-card.tsx'
import { Skeletons } from '../feed/skeletons.tsx'
import { cardListQuery } from './mine-queries.ts'
import { mineWords as words } from './mine-words.ts'
import { OwnScreen } from './own-screen.tsx'
import { useTakeBack } from './use-take-back.ts'

const TITLES = { history: words.history, collections: words.collections, articles: words.ownArticles }

interface Props {
  viewer: string
  name: keyof typeof TITLES
}

export function CardListScreen({ viewer, name }: Props) {
  const { key } = useHistoryEntry()
  // A list that is gone back to is as it was left: what was read since would come to the top of the history and move the rest.
  const refetchOnMount = (list: { state: { isInvalidated: boolean } }) => !hasScrollPosition(key) || list.state.isInvalidated
  const query = useInfiniteQuery({ ...cardListQuery(viewer, name), refetchOnMount })
  return (
    <OwnScreen viewer={viewer} title={TITLES[name]} ready={query.data !== undefined}>
      {query.isLoading && <Skeletons />}
      <EndlessList query={query} keyOf={card => card.art_id} label={TITLES[name]} empty={<Failure title={words.empty[name]} />}>
        {card => <ListCard card={card}>{name === 'collections' && <Uncollect viewer={viewer} card={card} />}</ListCard>}
      </EndlessList>
    </OwnScreen>
  )
}

function Uncollect({ viewer, card: { art_id: id, title } }: { viewer: string; card: PlainCard }) {
  const takeBack = useTakeBack()
  const { queryKey } = cardListQuery(viewer, 'collections')
  const uncollect = () => takeBack({ queryKey, id, list: 'article/collections', done: words.uncollected })
  return <IconButton icon="trash" size={18} className="card-menu" label={`${words.uncollect}: ${title}`} onClick={() => void uncollect()} />
}
