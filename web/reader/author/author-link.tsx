import { Link } from 'wouter'
import { languageOf } from '../../shared/language.ts'

/** The name of an author, which leads to their page. */
export function AuthorLink({ id, name, className = 'author' }: { id: string; name: string; className?: string }) {
  return (
    <Link className={className} href={`/author/${id}`} lang={languageOf(name)}>
      {name}
    </Link>
  )
}
