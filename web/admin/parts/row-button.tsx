import { Button } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  /** What it acts on. Unseen, but read out: the same word stands on the button of each row. */
  of: string
  onClick: () => void
  loading?: boolean
  children: ReactNode
}

/** An action on one row of a table. */
export const RowButton = ({ of, children, ...props }: Props) => (
  <Button variant="default" size="compact-sm" {...props}>
    {children}
    <span className="unseen"> {of}</span>
  </Button>
)
