import { Button } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  /** On the button that sends it. */
  submit: string
  onSubmit: () => void
  isBusy: boolean
  variant?: 'filled' | 'default'
  /** Below the button. */
  answer?: ReactNode
  children: ReactNode
}

/** A form on a screen. */
export const Form = ({ submit, onSubmit, isBusy, variant = 'filled', answer, children }: Props) => (
  <form
    className="form"
    onSubmit={event => {
      event.preventDefault()
      onSubmit()
    }}
  >
    {children}
    <div className="actions">
      <Button type="submit" variant={variant} loading={isBusy}>
        {submit}
      </Button>
    </div>
    {answer}
  </form>
)
