import { Button, type ButtonProps } from '@mantine/core'

interface Props extends ButtonProps {
  /** The shortcut. */
  hint: string
  onClick: () => void
}

/** A button that also has a key. */
export const KeyButton = ({ hint, children, ...props }: Props) => (
  <Button size="compact-md" aria-keyshortcuts={hint} {...props}>
    {children}
    <kbd aria-hidden="true">{hint}</kbd>
  </Button>
)
