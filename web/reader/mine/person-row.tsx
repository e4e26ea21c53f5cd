import type { ReactNode } from 'react'
import { AuthorLink } from '../author/author-link.tsx'

interface Props {
  person: { id: string; name: string; photo: string }
  about?: string
  /** What can be done with them. */
  children?: ReactNode
}

export const PersonRow = ({ person, about, children }: Props) => (
  <div className="person-row">
    <img src={person.photo} alt="" width="40" height="40" loading="lazy" />
    <div>
      <AuthorLink id={person.id} name={person.name} className="name" />
      {about && <p className="facts">{about}</p>}
    </div>
    {children}
  </div>
)
