import { useQuery } from '@tanstack/react-query'
import { LoadFailure } from '../../shared/failure.tsx'
import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import { interestsQuery } from './interest-queries.ts'

interface Props {
  label: string
  chosen: readonly number[]
  onToggle(id: number): void
}

/** The channels as pictures that can be chosen. */
export function InterestTiles({ label, chosen, onToggle }: Props) {
  const { data = [], isError, refetch } = useQuery(interestsQuery)
  if (isError) return <LoadFailure retry={refetch} />
  return (
    // biome-ignore lint: a fieldset cannot be scrolled in every browser
    <div className="tiles" role="group" aria-label={label}>
      {data.map(({ id, name, picture }) => (
        <button key={id} type="button" aria-pressed={chosen.includes(id)} onClick={() => onToggle(id)}>
          {picture && <img src={picture} alt="" />}
          <span {...textAttributes(name)}>{name}</span>
          {chosen.includes(id) && <Icon name="check" size={18} />}
        </button>
      ))}
    </div>
  )
}

export const toggled = (ids: readonly number[], id: number): number[] => (ids.includes(id) ? ids.filter(one => one !== id) : [...ids, id])
