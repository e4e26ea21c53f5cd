import { sql } from 'kysely'
import { allShardIds, shardKey, shardName, shardOf } from '../../src/engines/counters/redis/keys.ts'
import { isMetaField, parseHash } from '../../src/engines/counters/redis/values.ts'
import type { Db } from '../../src/engines/database/database.ts'
import type { Redis } from '../../src/engines/redis/redis.ts'

/** Every count in the store, field by field, that is not what the database has kept; to be asked while nothing is going on. */
export async function findWrongCounterFields(db: Db, redis: Redis): Promise<string[]> {
  const { rows } = await sql<{ kind: string; key: bigint; value: string }>`
    select kind, key, sum(value)::text as value from (select kind, key, value from counter union all select kind, key, d from counter_delta) part
     group by kind, key having sum(value) <> 0`.execute(db)
  const wanted = new Map(rows.map(({ kind, key, value }) => [`${kind}:${shardOf(key)} ${key}`, value]))
  const off: string[] = []
  const places = allShardIds()
  for (let i = 0; i < places.length; i += 256) {
    const some = places.slice(i, i + 256)
    const answers = await redis.pipeline(
      some.map(({ kind, shard }) => ['HGETALL', shardKey(kind, shard)]),
      2_000,
    )
    for (const [n, place] of some.entries()) {
      const fields = parseHash(answers[n])
      if (!fields.has('_w')) off.push(`${shardName(place)} is not there`)
      for (const [field, value] of fields) {
        const name = `${shardName(place)} ${field}`
        if (!isMetaField(field) && value !== (wanted.get(name) ?? '0')) off.push(`${name}: ${value} instead of ${wanted.get(name) ?? 0}`)
        wanted.delete(name)
      }
    }
  }
  for (const [name, value] of wanted) off.push(`${name}: nothing instead of ${value}`)
  return off
}
