import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'

/** How something stands, in a word or two. */
export const Status = ({ color, children }: { color: string | undefined; children: ReactNode }) => (
  <Badge className="status" variant="outline" color={color}>
    {children}
  </Badge>
)
