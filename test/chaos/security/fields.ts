// What a request may set and what an answer may show: mallory adds fields to every body, and reads every answer.

import { sql } from 'kysely'
import { PERSONAL_RULES } from '../../../src/features/personal-data/personal-tables.ts'
import type { Operation, Schema } from '../../support/operations.ts'
import type { Person, Product } from '../../support/product.ts'

/** Twenty fields that decide who somebody is or what they may do. */
export const privilegedFields = (victim: Person): Record<string, unknown> => ({
  id: String(victim.id),
  user_id: String(victim.id),
  reader_id: String(victim.id),
  author_id: String(victim.id),
  aut_id: String(victim.id),
  administrator_id: 1,
  viewer: `r${victim.id}`,
  mobile: '13899999999',
  is_verified: true,
  verified: true,
  is_media: true,
  certi: '官方',
  certificate: '官方',
  frozen: true,
  status: 2,
  origin: 'import',
  role: 'admin',
  permissions: ['*'],
  fans_count: 1_000_000,
  created_at: '2001-01-01T00:00:00Z',
})

/** Everything of the victim, and what makes the others what they are: the given readers, and all who are more than readers. */
export async function readPrivileges(product: Product, victim: Person, readers: Person[]): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {}
  for (const [place, { isExported }] of Object.entries(PERSONAL_RULES)) {
    if (!isExported || place === 'notice.reader_id') continue // the victim is told what others do
    const [table = '', column = ''] = place.split('.')
    const { rows } = await sql`select t::text as row from ${sql.table(table)} t
      where ${sql.ref(column)}::text = any(${[String(victim.id), `r${victim.id}`]}) order by 1`.execute(product.db)
    seen[place] = rows
  }
  seen.readers = await product.db
    .selectFrom('reader')
    .select(['id', 'mobile', 'certificate', 'is_media', 'is_verified', 'frozen', 'origin', 'created_at'])
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

/** Fields of an answer that its schema does not declare. */
export function undeclaredFields(value: unknown, schema: Schema, place = ''): string[] {
  if (schema.anyOf) {
    const each = schema.anyOf.map(one => undeclaredFields(value, one, place))
    return each.find(found => found.length === 0) ?? (each[0] as string[])
  }
  if (Array.isArray(value)) return value.flatMap((one, i) => undeclaredFields(one, schema.items ?? {}, `${place}[${i}]`))
  if (value === null || typeof value !== 'object' || schema.additionalProperties) return []
  return Object.entries(value).flatMap(([name, one]) => {
    const declared = schema.properties?.[name]
    return declared ? undeclaredFields(one, declared, `${place}.${name}`) : [`${place}.${name}`]
  })
}

/** Texts that no answer to somebody else may have: numbers, addresses, keys, hashes, tokens. */
export async function secretsOf(product: Product, person: Person): Promise<string[]> {
  const hashes = await product.db.selectFrom('administrator').select('password_hash').execute()
  const texts = [person.mobile, person.token, person.refreshToken, '203.0.113.77', ...hashes.map(each => each.password_hash)]
  return texts.filter(text => text.length > 8)
}

/** Ids of things that exist, for the parameters and bodies of an operation. */
export function existingIds(
  { path }: Operation,
  ids: Record<'article' | 'comment' | 'reader' | 'channel', bigint>,
): Record<string, string> {
  const kind = /comment/.test(path)
    ? 'comment'
    : /channel/.test(path)
      ? 'channel'
      : /users|followings|blacklists|readers/.test(path)
        ? 'reader'
        : 'article'
  const id = String(ids[kind])
  const article = String(ids.article)
  return { id, target: id, article, article_id: article, art_id: article, source: article, channel_id: String(ids.channel) }
}
