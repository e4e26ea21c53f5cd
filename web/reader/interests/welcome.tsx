// Above the feed on a first visit: what do you like? No account is needed, and the next page is ranked with it.

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { explainFailure } from '../../shared/optimistic.ts'
import { feedQuery, refreshFeed } from '../api/queries.ts'
import { interestsQuery } from './interest-queries.ts'
import { InterestTiles, toggled } from './interest-tiles.tsx'
import { interestWords as words } from './interest-words.ts'
import { noteDeviceChose, saveDials } from './prepare-viewer.ts'
import { endWelcome } from './welcome-state.ts'

export function Welcome({ viewer, channel }: { viewer: string; channel: number }) {
  const client = useQueryClient()
  const [chosen, setChosen] = useState<number[]>([])
  const save = useMutation({
    mutationFn: async () => {
      await saveDials({ interests: chosen })
      noteDeviceChose()
      const added = await refreshFeed(client, viewer, channel)
      const page = client.getQueryData(feedQuery(viewer, channel).queryKey)?.pages[0]?.results.slice(0, added) ?? []
      const names = (client.getQueryData(interestsQuery.queryKey) ?? []).filter(({ id }) => chosen.includes(id)).map(({ name }) => name)
      void client.invalidateQueries({ queryKey: ['dials', viewer] })
      return { names, articles: page.length, matching: page.filter(card => chosen.includes(card.ch_id)).length }
    },
    onSuccess(picked) {
      window.scrollTo({ top: 0, behavior: 'instant' })
      endWelcome(picked)
    },
  })
  return (
    <>
      <h2>{words.whatDoYouLike}</h2>
      <p>{save.error ? explainFailure(save.error) : words.pickHint}</p>
      <InterestTiles label={words.whatDoYouLike} chosen={chosen} onToggle={id => setChosen(now => toggled(now, id))} />
      <div className="actions">
        <button
          type="button"
          className="button primary small"
          disabled={chosen.length === 0 || save.isPending}
          onClick={() => save.mutate()}
        >
          {words.showMine}
        </button>
        <button type="button" className="button small" onClick={() => endWelcome()}>
          {words.later}
        </button>
      </div>
    </>
  )
}
