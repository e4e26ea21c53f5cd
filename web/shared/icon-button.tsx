import type { ButtonHTMLAttributes, Ref } from 'react'
import { Icon, type IconName } from './icons.tsx'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName
  /** Its name for screen readers, and its tooltip. */
  label: string
  size?: number
  ref?: Ref<HTMLButtonElement>
}

/** A round button without text. */
export function IconButton({ icon, label, size, className = 'round', ...attributes }: Props) {
  return (
    <button type="button" className={className} aria-label={label} title={label} {...attributes}>
      <Icon name={icon} size={size} />
    </button>
  )
}
