// What the feed should be about: channels, and one language or both. For a device as for a reader; it holds from the next page.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { changeOptimistically, patchLoaded } from '../../shared/optimistic.ts'
import type { Dials } from '../api/types.ts'
import { dialsQuery } from '../mine/mine-queries.ts'
import { OwnScreen } from '../mine/own-screen.tsx'
import { InterestTiles, toggled } from './interest-tiles.tsx'
import { interestWords as words } from './interest-words.ts'
import { type DialChoices, noteDeviceChose, saveDials } from './prepare-viewer.ts'

const LANGUAGES = [null, 'zh', 'en'] as const

export function InterestsScreen({ viewer }: { viewer: string }) {
  const client = useQueryClient()
  const query = dialsQuery(viewer)
  const { data: dials } = useQuery(query)
  const change = (next: (loaded: Dials) => Dials, undo: (loaded: Dials) => Dials, choices: (shown: Dials | undefined) => DialChoices) => {
    if (viewer === 'device') noteDeviceChose()
    return changeOptimistically({
      show: () => patchLoaded<Dials>(client, query.queryKey, next, undo),
      // As they are then: a choice before this one may have been refused.
      send: () => saveDials(choices(client.getQueryData(query.queryKey))),
    })
  }
  const toggleInterest = (id: number) => {
    const toggle = (loaded: Dials) => ({ ...loaded, interests: toggled(loaded.interests, id) })
    return change(toggle, toggle, shown => ({ interests: shown?.interests }))
  }
  const chooseLanguage = (language: Dials['language']) => {
    const before = dials?.language ?? null
    return change(
      loaded => ({ ...loaded, language }),
      loaded => ({ ...loaded, language: before }),
      () => ({ language }),
    )
  }
  return (
    <OwnScreen viewer={viewer} title={words.interests} isForDevices>
      <p className="none">{words.nextPage}</p>
      {dials && (
        <>
          <InterestTiles label={words.interests} chosen={dials.interests} onToggle={id => void toggleInterest(id)} />
          <fieldset className="choice">
            <legend>{words.language}</legend>
            {LANGUAGES.map(language => (
              <label key={String(language)}>
                <input type="radio" name="language" checked={dials.language === language} onChange={() => void chooseLanguage(language)} />
                {words.languages[language ?? 'both']}
              </label>
            ))}
          </fieldset>
        </>
      )}
    </OwnScreen>
  )
}
