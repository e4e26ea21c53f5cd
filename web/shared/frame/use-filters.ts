import { useSearchParams } from 'wouter'

/** Filters and page of a list stand in the address, so "back" and a reload keep them. An empty value removes a filter. */
export function useFilters(): [URLSearchParams, (values: Record<string, string>) => void] {
  const [search, setSearch] = useSearchParams()
  /** Another filter starts at the first page. */
  const change = (values: Record<string, string>) =>
    setSearch(
      before => {
        const after = new URLSearchParams(before)
        after.delete('page')
        for (const [name, value] of Object.entries(values))
          if (value) after.set(name, value)
          else after.delete(name)
        return after
      },
      { replace: !('page' in values) },
    )
  return [search, change]
}
