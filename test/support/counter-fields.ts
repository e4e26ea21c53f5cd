import { sql } from 'kysely'
import { allShardIds, shardKey, shardName, shardOf } from '../../src/engines/counters/redis/keys.ts'
import { isMetaField, parseHash } from '../../src/engines/counters/redis/values.ts'
import type { Db } from '../../src/engines/database/database.ts'
import type { Redis } from '../../src/engines/redis/redis.ts'

/** Compares every field of every shard in Redis with PostgreSQL, while nothing writes. Returns a sentence for each that differs. */
export async function findWrongCounterFields(db: Db, redis: Redis): Promise<string[]> {
  const { rows } = await sql<{ kind: string; key: bigint; value: string }>`
    select kind, key, sum(value)::text as value from (select kind, key, value from counter union all select kind, key, d from counter_delta) part
     group by kind, key having sum(value) <> 0`.execute(db)
  const expected = new Map(rows.map(({ kind, key, value }) => [`${kind}:${shardOf(key)} ${key}`, value]))
  const wrong: string[] = []
  const shards = allShardIds()
  for (let i = 0; i < shards.length; i += 256) {
    const some = shards.slice(i, i + 256)
    const answers = await redis.pipeline(
      some.map(one => ['HGETALL', shardKey(one.kind, one.shard)]),
      2_000,
    )
    for (const [n, shard] of some.entries()) {
      const fields = parseHash(answers[n])
      if (!fields.has('_w')) wrong.push(`${shardName(shard)} is missing`)
      for (const [field, value] of fields) {
        const name = `${shardName(shard)} ${field}`
        if (!isMetaField(field) && value !== (expected.get(name) ?? '0'))
          wrong.push(`${name}: ${value} instead of ${expected.get(name) ?? 0}`)
        expected.delete(name)
      }
    }
  }
  for (const [name, value] of expected) wrong.push(`${name}: nothing instead of ${value}`)
  return wrong
}
