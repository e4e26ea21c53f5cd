// What a request may set and what an answer may show: mallory adds fields to every body, and reads every answer.

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

/** Texts that no answer to somebody else may have: numbers, hashes, tokens. */
export async function secretsOf(product: Product, person: Person): Promise<string[]> {
  const hashes = await product.db.selectFrom('administrator').select('password_hash').execute()
  const texts = [person.mobile, person.token, person.refreshToken, ...hashes.map(each => each.password_hash)]
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
