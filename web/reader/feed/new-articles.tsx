import { useNewArticles } from '../inbox/live-updates.ts'
import { words } from '../words.ts'

/** Offers to show what has been published since the feed was refreshed. */
export function NewArticles({ channel, onShow }: { channel: number; onShow(): void }) {
  const count = useNewArticles(channel)
  if (count === 0) return null
  return (
    <button type="button" className="new-articles" onClick={onShow}>
      {words.newArticles(count)}
    </button>
  )
}
