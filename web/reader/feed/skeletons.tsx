import { words } from '../words.ts'
import { useDensity } from './density.ts'
import { placeOf } from './place.ts'

const LAYOUTS = [1, 1, 0, 1, 3, 0, 1]

/** The outline of the feed while its first page is loading. */
export function Skeletons() {
  const density = useDensity()
  return (
    <div className="feed" data-density={density} aria-busy="true" role="status" aria-label={words.loading}>
      {LAYOUTS.map((layout, i) => (
        // biome-ignore lint: the skeletons are all alike and never move
        <div className="card skeleton" data-layout={layout} data-place={placeOf(i)} key={i} aria-hidden="true">
          <h2>
            <i />
            <i />
          </h2>
          {layout !== 0 && (
            <div className="cover">
              {Array.from({ length: layout === 3 ? 3 : 1 }, (_, n) => (
                // biome-ignore lint: as above
                <div className="picture" key={n} />
              ))}
            </div>
          )}
          <div className="facts">
            <i />
          </div>
        </div>
      ))}
    </div>
  )
}
