import { Badge } from '@mantine/core'
import { words } from '../words.ts'

/** By status: 0 draft, 1 in review, 2 published, 3 rejected. */
export const STATUS_NAMES = [words.draft, words.inReview, words.published, words.rejected]
const COLOURS = ['gray', 'yellow', 'green', 'red']

export function StatusBadge({ status }: { status: number }) {
  return (
    <Badge variant="outline" color={COLOURS[status]} className="status">
      {STATUS_NAMES[status]}
    </Badge>
  )
}
