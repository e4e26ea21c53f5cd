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
  const change = (choices: DialChoices) => {
    if (viewer === 'device') noteDeviceChose()
    return changeOptimistically({
      show: () => patchLoaded<Dials>(client, query.queryKey, loaded => ({ ...loaded, ...choices })),
      send: () => saveDials(choices),
    })
  }
  return (
    <OwnScreen viewer={viewer} title={words.interests} isForDevices>
      <p className="none">{words.nextPage}</p>
      {dials && (
        <>
          <InterestTiles
            label={words.interests}
            chosen={dials.interests}
            onToggle={id => void change({ interests: toggled(dials.interests, id) })}
          />
          <fieldset className="choice">
            <legend>{words.language}</legend>
            {LANGUAGES.map(language => (
              <label key={String(language)}>
                <input type="radio" name="language" checked={dials.language === language} onChange={() => void change({ language })} />
                {words.languages[language ?? 'both']}
              </label>
            ))}
          </fieldset>
        </>
      )}
    </OwnScreen>
  )
}
