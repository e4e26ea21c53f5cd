// What an editor reads stays as it is: an article that its author changes meanwhile is held back until the editor asks for it.

import { useState } from 'react'
import type { ArticlePage } from '../api/types.ts'

/** `loaded`: undefined while there is none, or another one is loaded. */
export function useSeen(loaded: ArticlePage | undefined) {
  const [seen, see] = useState(loaded)
  const isOther = loaded?.article_id !== seen?.article_id
  if (isOther) see(loaded)
  const isOld = !isOther && loaded?.version !== seen?.version
  return {
    shown: isOld ? seen : loaded,
    /** There is a newer version than the one that is shown. */
    isOld,
    showNew: () => see(loaded),
  }
}
