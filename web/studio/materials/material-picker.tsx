// A dialog that lists the creator's uploaded pictures; a click takes one.

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { currentViewer } from '../../shared/api/session.ts'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { Pages } from '../../shared/frame/pages.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { materialsQuery } from '../api/queries.ts'
import { materialWords as words } from './material-words.ts'

interface MaterialPickerProps {
  onPick: (url: string) => void
  onClose: () => void
}

export function MaterialPicker({ onPick, onClose }: MaterialPickerProps) {
  const [page, setPage] = useState(1)
  const materials = useQuery(materialsQuery(currentViewer(), page, false))
  return (
    <Sheet label={words.pickMaterial} onClose={onClose}>
      <h2>{words.pickMaterial}</h2>
      <Loaded query={materials}>
        {list => (
          <>
            {list.total_count === 0 && <p>{words.noMaterials}</p>}
            <ul className="materials to-pick">
              {list.results.map(({ id, url }, i) => (
                <li key={id}>
                  <button
                    type="button"
                    onClick={() => {
                      onPick(url)
                      onClose()
                    }}
                  >
                    <img src={url} alt={words.picture((page - 1) * list.per_page + i + 1)} loading="lazy" />
                  </button>
                </li>
              ))}
            </ul>
            <Pages of={list} onChange={setPage} />
          </>
        )}
      </Loaded>
    </Sheet>
  )
}
