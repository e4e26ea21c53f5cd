import { Pagination } from '@mantine/core'
import type { Paged } from '../api/types.ts'
import { words } from '../words.ts'

/** The numbers of the pages, if there is more than one. */
export function Pages({
  of,
  onChange,
}: {
  of: Pick<Paged<unknown>, 'total_count' | 'page' | 'per_page'>
  onChange: (page: number) => void
}) {
  const total = Math.ceil(of.total_count / of.per_page)
  if (total <= 1) return null
  return (
    <nav aria-label={words.pages} className="pages">
      <Pagination
        total={total}
        value={of.page}
        onChange={onChange}
        getControlProps={control => ({ 'aria-label': control === 'next' ? words.nextPage : words.previousPage })}
        getItemProps={page => ({ 'aria-label': words.page(page) })}
      />
    </nav>
  )
}
