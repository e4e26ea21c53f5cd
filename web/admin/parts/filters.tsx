// Filters of a list. Each stands in the address under its name.

import { NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { SearchField } from '../../shared/frame/search-field.tsx'
import { useFilters } from '../../shared/frame/use-filters.ts'

interface Props {
  name: string
  label: string
}

export const Filters = ({ children }: { children: ReactNode }) => (
  <form className="filters" role="search" onSubmit={event => event.preventDefault()}>
    {children}
  </form>
)

export function TextFilter({ name, label }: Props) {
  const [search, change] = useFilters()
  return <SearchField label={label} value={search.get(name) ?? ''} onChange={value => change({ [name]: value })} />
}

export function DateFilter({ name, label }: Props) {
  const [search, change] = useFilters()
  return (
    <TextInput type="date" label={label} value={search.get(name) ?? ''} onChange={event => change({ [name]: event.currentTarget.value })} />
  )
}

/** `initial`: what holds unless the address has another value. */
export function ChoiceFilter({ name, label, data, initial = '' }: Props & { data: { value: string; label: string }[]; initial?: string }) {
  const [search, change] = useFilters()
  return (
    <NativeSelect
      label={label}
      value={search.get(name) ?? initial}
      data={data}
      onChange={event => change({ [name]: event.currentTarget.value })}
    />
  )
}
