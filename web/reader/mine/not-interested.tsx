// The articles that a viewer is not interested in, each with a way back.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { LoadFailure } from '../../shared/failure.tsx'
import { changeWithUndo, patchLoaded } from '../../shared/optimistic.ts'
import type { PlainCard } from '../api/types.ts'
import { ListCard } from '../cards/list-card.tsx'
import { showAgain } from '../feed/hidden.ts'
import { notInterestedQuery } from './mine-queries.ts'
import { mineWords as words } from './mine-words.ts'
import { None, TakeBack } from './take-back.tsx'

export function NotInterested({ viewer }: { viewer: string }) {
  const client = useQueryClient()
  const { queryKey } = notInterestedQuery(viewer)
  const { data: cards, isError, refetch } = useQuery(notInterestedQuery(viewer))
  const takeBack = ({ art_id: id, title }: PlainCard) => {
    const without = (list: PlainCard[]) => list.filter(card => card.art_id !== id)
    return changeWithUndo({
      show() {
        const before = client.getQueryData<PlainCard[]>(queryKey) ?? []
        const putBack = patchLoaded<PlainCard[]>(client, queryKey, without, list =>
          before.filter(card => card.art_id === id || list.includes(card)),
        )
        const hideAgain = showAgain('articles', id)
        return () => {
          putBack()
          hideAgain()
        }
      },
      send: () => callApi(`not-interested/${id}`, { generation: 'v1', method: 'DELETE' }),
      undo: () => callApi('not-interested', { generation: 'v1', method: 'POST', body: { article_id: id } }),
      done: words.takenBack(title),
    })
  }
  return (
    <section>
      <h2>{words.notInterested}</h2>
      <p className="hint">{words.notInterestedHint}</p>
      {isError && !cards && <LoadFailure retry={refetch} />}
      {cards?.length === 0 && <None />}
      {cards?.map(card => (
        <ListCard key={card.art_id} card={card}>
          <TakeBack name={card.title} run={() => void takeBack(card)} />
        </ListCard>
      ))}
    </section>
  )
}
