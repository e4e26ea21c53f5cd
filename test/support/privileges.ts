// What people have, and what makes them what they are: two reads are equal if nothing of it was touched between them.

import { sql } from 'kysely'
import { PERSONAL_RULES } from '../../src/features/personal-data/personal-tables.ts'
import type { Person, Product } from './product.ts'

/** What others do becomes a notice, what one opens a behaviour or is refused as one, and a push that fails is counted, a moment after the answer. */
const WRITTEN_LATER = new Set([
  'notice.reader_id',
  'behaviour.viewer',
  'behaviour_refused.viewer',
  'history.reader_id',
  'search_opening.viewer',
  'web_push_subscription.reader_id',
])

/** Everything of the victim, and what makes the others what they are: the given readers, and all who are more than readers. */
export async function readPrivileges(product: Product, victim: Person, readers: Person[]): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {}
  const places = Object.entries(PERSONAL_RULES).filter(([place, { isExported }]) => isExported && !WRITTEN_LATER.has(place))
  const ofEach = places.map(([place]) => {
    const [table = '', column = ''] = place.split('.')
    return sql`select ${sql.lit(place)} as place, t::text as row from ${sql.table(table)} t
      where ${sql.ref(column)}::text = any(${[String(victim.id), `r${victim.id}`]})`
  })
  seen.own = (await sql`${sql.join(ofEach, sql` union all `)} order by 1, 2`.execute(product.db)).rows
  seen.profile = await product.db
    .selectFrom('reader')
    .select(['mobile', 'name', 'photo', 'intro', 'email', 'gender', 'birthday'])
    .where('id', '=', victim.id)
    .execute()
  seen.readers = await product.db
    .selectFrom('reader')
    .select(['id', 'certificate', 'is_media', 'is_verified', 'frozen', 'origin', 'created_at'])
    .where(reader =>
      reader.or([
        reader(
          'id',
          'in',
          readers.map(({ id }) => id),
        ),
        reader('is_media', '=', true),
        reader('is_verified', '=', true),
        reader('frozen', '=', true),
        reader('origin', '<>', 'sign-in'),
        reader('certificate', '<>', ''),
      ]),
    )
    .orderBy('id')
    .execute()
  seen.administrators = await product.db.selectFrom('administrator').selectAll().orderBy('id').execute()
  seen.published = await product.db.selectFrom('article').select(['id', 'author_id']).where('status', '=', 2).orderBy('id').execute()
  return seen
}
