import { Pagination } from '@mantine/core'
import { frameWords as words } from './words.ts'

interface Props {
  of: { total_count: number; page: number; per_page: number }
  onChange: (page: number) => void
}

/** The numbers of the pages, if there is more than one. */
export function Pages({ of, onChange }: Props) {
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
