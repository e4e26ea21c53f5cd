import { Fragment } from 'react'
import { ListCard } from '../cards/list-card.tsx'
import type { Result } from './search-queries.ts'

export const ResultCard = ({ card, position, total }: { card: Result; position: number; total: number }) => (
  <ListCard card={card} heading={<Marked text={card.title} ranges={card.highlights} />} aria-posinset={position} aria-setsize={total} />
)

/** The title with what was looked for. It is put together from pieces of text, so nothing in it is markup. */
function Marked({ text, ranges }: { text: string; ranges: readonly (readonly number[])[] }) {
  let at = 0
  const parts = ranges.map(([from = 0, to = 0]) => {
    const before = text.slice(at, from)
    at = to
    return (
      <Fragment key={from}>
        {before}
        <mark>{text.slice(from, to)}</mark>
      </Fragment>
    )
  })
  return [...parts, text.slice(at)]
}
