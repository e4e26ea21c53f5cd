import { textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'

/** The name of an author, which leads to their page. */
export function AuthorLink({ id, name, className = 'author' }: { id: string; name: string; className?: string }) {
  return (
    <Link className={className} href={`/author/${id}`} {...textAttributes(name)}>
      {name}
    </Link>
  )
}
