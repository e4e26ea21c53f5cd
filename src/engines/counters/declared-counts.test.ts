// Whatever is done to the rows, by whomever, in whatever transactions: the counts say what the rows say.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import pg from 'pg'
import { testDatabase } from '../../../test/support/database.ts'
import { foldCounters } from './fold.ts'
import { COUNTER_KINDS, type CounterKind } from './kinds.ts'
import { tableCounters } from './table.ts'

const { db, pool } = await testDatabase()
const counters = tableCounters(db)

// A small world, so that statements meet each other's rows. Ids are beyond 2^53, as real ones are.
const FEW = 4
const reader = (n: number) => 2n ** 60n + BigInt(n % FEW) * 3n
const article = (n: number) => 2n ** 61n + BigInt(n % FEW) * 3n
const comment = (n: number) => 2n ** 62n + BigInt(n % FEW) * 3n
const event = (n: number) => `'00000000-0000-4000-8000-${String(n % 20).padStart(12, '0')}'::uuid`
const ACTION = `(array['exposure', 'click', 'read', 'collect', 'share', 'like', 'dislike', 'click', 'share'])`

/** What each kind counts, said once more and in another way than beside the tables. */
const TRUTH: Record<CounterKind, string> = {
  'article.reads': `select id, (select count(*) from behaviour b where b.article_id = a.id and b.action = 'click') from article a`,
  'article.likes': 'select id, (select count(*) from attitude t where t.article_id = a.id and t.value = 1) from article a',
  'article.dislikes': 'select id, (select count(*) from attitude t where t.article_id = a.id and t.value = 0) from article a',
  'article.collections': 'select id, (select count(*) from collection c where c.article_id = a.id) from article a',
  'article.comments': 'select id, (select count(*) from comment c where c.article_id = a.id and c.status = 1) from article a',
  'article.shares': `select id, (select count(*) from behaviour b where b.article_id = a.id and b.action = 'share') from article a`,
  'comment.likes': 'select id, (select count(*) from comment_liking l where l.comment_id = c.id) from comment c',
  'comment.replies': 'select id, (select count(*) from comment r where r.parent_id = c.id and r.status = 1) from comment c',
  'reader.articles': 'select id, (select count(*) from article a where a.author_id = r.id and a.status = 2) from reader r',
  'reader.followers': 'select id, (select count(*) from following f where f.creator_id = r.id) from reader r',
  'reader.followings': 'select id, (select count(*) from following f where f.reader_id = r.id) from reader r',
  'reader.likes_received': `select id, (select count(*) from article a, attitude t
                             where a.author_id = r.id and t.article_id = a.id and t.value = 1) from reader r`,
  'reader.reads_received': `select id, (select count(*) from article a, behaviour b
                             where a.author_id = r.id and b.article_id = a.id and b.action = 'click') from reader r`,
}

interface Numbers {
  a: number
  b: number
  c: number
  n: number
}

const newArticle = (id: bigint, author: bigint, status: number) =>
  `insert into article (id, author_id, channel_id, title, status, published_at) values (${id}, ${author}, 1, 'title', ${status}, now())`
const WORLD = `
  ${Array.from({ length: FEW }, (_, n) => newArticle(article(n), reader(n % 3), 2)).join(';\n')};
  insert into attitude values (${reader(0)}, ${article(0)}, 1), (${reader(1)}, ${article(0)}, 0), (${reader(1)}, ${article(1)}, 1);
  insert into collection values (${reader(0)}, ${article(1)}), (${reader(1)}, ${article(1)});
  insert into comment (id, article_id, author_id, parent_id, content) values
    (${comment(0)}, ${article(0)}, ${reader(0)}, null, 'first'), (${comment(1)}, ${article(0)}, ${reader(1)}, ${comment(0)}, 'reply');
  insert into comment_liking values (${reader(0)}, ${comment(0)}), (${reader(1)}, ${comment(0)}), (${reader(1)}, ${comment(1)});
  insert into following values (${reader(0)}, ${reader(1)}), (${reader(1)}, ${reader(2)});
  insert into behaviour (id, action, article_id) values
    (${event(0)}, 'click', ${article(0)}), (${event(1)}, 'share', ${article(0)}), (${event(2)}, 'click', ${article(1)}),
    (${event(3)}, 'click', ${article(2)})`
const events = (start: number, n: number) => `
  select ('00000000-0000-4000-8000-' || lpad((g % 20)::text, 12, '0'))::uuid, ${ACTION}[1 + g % 9], id
    from generate_series(${start}, ${start + n}) g join article on article.id = ${article(0)} + g % ${FEW} * 3`

/** Everything a hand at psql, an import or a feature could do. Two take rows from stdin. */
const STATEMENTS: Record<string, (numbers: Numbers) => string | { copy: string; lines: string }> = {
  'article put': ({ a, b, n }) => `${newArticle(article(a), reader(b), n % 6)} on conflict do nothing`,
  'article put or its status changed': ({ a, b, n }) =>
    `${newArticle(article(a), reader(b), n % 6)} on conflict (id) do update set status = excluded.status`,
  'article put or its author changed': ({ a, b }) =>
    `${newArticle(article(a), reader(b), 2)} on conflict (id) do update set author_id = excluded.author_id`,
  'articles of an author published': ({ a, n }) => `update article set status = ${2 - (n % 2)} where author_id = ${reader(a)}`,
  'all articles’ status turned': () => 'update article set status = (status + 1) % 4',
  'article given to another author': ({ a, b }) => `update article set author_id = ${reader(b)} where id = ${article(a)}`,
  'article taken': ({ a }) => `delete from article where id = ${article(a)}`,
  'articles merged': ({ a, b, n }) => `
    merge into article t
    using (values (${article(a)}, ${reader(b)}), (${article(a + 1)}, ${reader(b + 1)})) as s (id, author_id) on t.id = s.id
    when matched and t.status = 2 then update set status = ${n % 6}
    when matched and t.status = 5 then delete
    when matched then do nothing
    when not matched then insert (id, author_id, channel_id, title, status, published_at)
      values (s.id, s.author_id, 1, 'merged', 2, now())`,
  'article taken with all that hangs on it, in one statement': ({ a }) => `
    with one as (delete from attitude where article_id = ${article(a)}), two as (delete from behaviour where article_id = ${article(a)}),
         three as (delete from collection where article_id = ${article(a)})
    delete from article where id = ${article(a)}`,
  'article taken and put again for another author, in one statement': ({ a, b }) => `
    with old as (delete from article where id = ${article(a)} returning id)
    insert into article (id, author_id, channel_id, title, status, published_at) select id, ${reader(b)}, 1, 'again', 2, now() from old`,

  'attitudes put': ({ a, b, n }) =>
    `insert into attitude (reader_id, article_id, value)
     values (${reader(a)}, ${article(b)}, ${n % 2}), (${reader(a + 1)}, ${article(b)}, 1)`,
  'attitude put or flipped': ({ a, b, n }) => `
    insert into attitude (reader_id, article_id, value) values (${reader(a)}, ${article(b)}, ${n % 2}), (${reader(a + 1)}, ${article(b)}, 1)
    on conflict (reader_id, article_id) do update set value = excluded.value where attitude.value <> excluded.value`,
  'attitudes of everyone put': ({ n }) => `
    insert into attitude select r.id, a.id, ${n % 2} from reader r, article a where (r.id + a.id) % 2 = ${n % 2} on conflict do nothing`,
  'attitudes flipped': ({ a }) => `update attitude set value = 1 - value where article_id = ${article(a)}`,
  'attitudes moved': ({ a, b }) => `update attitude set article_id = ${article(b)} where article_id = ${article(a)}`,
  'attitude moved and flipped': ({ a, b, c }) =>
    `update attitude set article_id = ${article(b)}, value = 1 - value where article_id = ${article(a)} and reader_id = ${reader(c)}`,
  'attitudes set to what they are': () => 'update attitude set value = value, at = now()',
  'attitudes taken': ({ a }) => `delete from attitude where article_id = ${article(a)}`,
  'attitude of a reader taken': ({ a, b }) => `delete from attitude where reader_id = ${reader(a)} and article_id = ${article(b)}`,
  'likes copied in': ({ a, b }) => ({
    copy: 'copy attitude (reader_id, article_id, value) from stdin',
    lines: `${reader(a)}\t${article(b)}\t1\n${reader(a + 1)}\t${article(b)}\t0\n`,
  }),

  'collections put': ({ a, b }) =>
    `insert into collection values (${reader(a)}, ${article(b)}), (${reader(a)}, ${article(b + 1)}) on conflict do nothing`,
  'everyone collects': ({ a }) => `insert into collection select id, ${article(a)} from reader on conflict do nothing`,
  'collections moved': ({ a, b, c }) =>
    `update collection set article_id = ${article(b)} where article_id = ${article(a)} and reader_id <> ${reader(c)}`,
  'collections taken for likes': ({ a }) => `
    with taken as (delete from collection where article_id = ${article(a)} returning reader_id)
    insert into attitude select reader_id, ${article(a)}, 1 from taken on conflict (reader_id, article_id) do update set value = 1`,
  'collections taken': ({ a, n }) =>
    `delete from collection where ${n % 2 ? 'article_id' : 'reader_id'} = ${n % 2 ? article(a) : reader(a)}`,

  'comment put': ({ a, b, c, n }) =>
    `insert into comment (id, article_id, author_id, content, status)
     values (${comment(n)}, ${article(a)}, ${reader(b)}, 'first', ${c % 4})`,
  'replies put': ({ a, b, c, n }) => `
    insert into comment (id, article_id, author_id, parent_id, content, status)
    select ${comment(0)} + g % ${FEW} * 3, article_id, ${reader(b)}, id, 'reply', ${c % 2} + g % 2
      from comment, generate_series(${n}, ${n + 1}) g where id = ${comment(a)} on conflict do nothing`,
  'comment put or shown': ({ a, b, n }) => `
    insert into comment (id, article_id, author_id, content, status) values (${comment(n)}, ${article(a)}, ${reader(b)}, 'again', 2)
    on conflict (id) do update set status = 1, article_id = excluded.article_id`,
  'comments reviewed': ({ a, c }) => `update comment set status = ${c % 4} where article_id = ${article(a)}`,
  'comments moved': ({ a, b }) => `update comment set article_id = ${article(b)} where article_id = ${article(a)}`,
  'replies moved': ({ a, b }) => `update comment set parent_id = ${comment(b)} where parent_id = ${comment(a)}`,
  'replies made first comments': ({ a }) => `update comment set parent_id = null where parent_id = ${comment(a)}`,
  'comment given another id': ({ a, b }) => `update comment set id = ${comment(b)} where id = ${comment(a)}`,
  'comments pinned': () => 'update comment set pinned = not pinned',
  'comments taken': ({ a, n }) => `delete from comment where ${n % 2 ? `id = ${comment(a)}` : `article_id = ${article(a)}`}`,

  'comment likings put': ({ a, b }) =>
    `insert into comment_liking select ${reader(a)}, id from comment where id >= ${comment(b)} on conflict do nothing`,
  'comment likings moved': ({ a, b }) => `update comment_liking set comment_id = ${comment(b)} where comment_id = ${comment(a)}`,
  'comment likings taken': ({ a, n }) =>
    `delete from comment_liking where comment_id = ${comment(a)}${n % 2 ? '' : ` or reader_id = ${reader(a)}`}`,

  'followings put': ({ a, b }) =>
    `insert into following (reader_id, creator_id)
     values (${reader(a)}, ${reader(b)}), (${reader(b)}, ${reader(a + 1)}) on conflict do nothing`,
  'followings turned round': ({ a }) =>
    `update following set reader_id = creator_id, creator_id = reader_id where reader_id = ${reader(a)}`,
  'followings given away': ({ a, b }) => `update following set creator_id = ${reader(b)} where creator_id = ${reader(a)}`,
  'followings taken': ({ a, n }) => `delete from following where ${n % 2 ? 'reader_id' : 'creator_id'} = ${reader(a)}`,

  'behaviours put': ({ a, n }) => `insert into behaviour (id, action, article_id)${events(a * 7, n)} on conflict do nothing`,
  'behaviours put once more': ({ a, n }) => `
    insert into behaviour (id, action, article_id)${events(a * 7, n)}
    on conflict (id) do update set article_id = excluded.article_id, action = excluded.action`,
  'behaviours copied in': ({ a, b, n }) => ({
    copy: 'copy behaviour (id, action, article_id) from stdin',
    lines: `${event(n).slice(1, 37)}\tclick\t${article(a)}\n${event(n + 1).slice(1, 37)}\tshare\t${article(b)}\n`,
  }),
  'behaviours moved': ({ a, b }) => `update behaviour set article_id = ${article(b)} where article_id = ${article(a)}`,
  'clicks made shares and shares clicks': () =>
    `update behaviour set action = case action when 'click' then 'share' else 'click' end where action in ('click', 'share')`,
  'behaviours taken': ({ a, n }) => `delete from behaviour where article_id = ${article(a)} and action <> ${ACTION}[${1 + (n % 9)}]`,
}

interface Statement extends Numbers {
  what: string
}

type Step =
  | { do: 'statement'; statement: Statement }
  | { do: 'transaction'; steps: Inner[]; end: 'commit' | 'rollback' }
  | { do: 'at once'; each: Step[][] }
  | { do: 'fold'; most: number }
type Inner = { statement: Statement } | { savepoint: Statement[]; end: 'rollback to' | 'release' }

// Putting more often than taking away, or soon nothing would be left to change.
const names = Object.keys(STATEMENTS)
const puts = names.filter(name => name.includes('put'))
const replies = names.filter(name => name.startsWith('repl') || name.startsWith('comment liking'))
const statement = fc.record({
  what: fc.constantFrom(...names, ...puts, ...replies),
  a: fc.nat(7),
  b: fc.nat(7),
  c: fc.nat(3),
  n: fc.nat(9),
})
const single = statement.map((one): Step => ({ do: 'statement', statement: one }))
const fold = fc.integer({ min: 1, max: 30 }).map((most): Step => ({ do: 'fold', most }))
const transaction = fc.record({
  do: fc.constant('transaction' as const),
  steps: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: statement.map((one): Inner => ({ statement: one })) },
      {
        weight: 1,
        arbitrary: fc.record({
          savepoint: fc.array(statement, { minLength: 1, maxLength: 3 }),
          end: fc.constantFrom('rollback to' as const, 'release' as const),
        }),
      },
    ),
    { minLength: 1, maxLength: 6 },
  ),
  end: fc.constantFrom('commit' as const, 'commit' as const, 'rollback' as const),
})
const alone = fc.oneof({ weight: 6, arbitrary: single }, { weight: 2, arbitrary: fold }, { weight: 3, arbitrary: transaction })
const atOnce = fc.record({
  do: fc.constant('at once' as const),
  each: fc.array(fc.array(alone, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 4 }),
})
const sequence = fc.array(fc.oneof({ weight: 5, arbitrary: alone }, { weight: 1, arbitrary: atOnce }), { minLength: 1, maxLength: 25 })

// Refusals leave nothing behind, and then the counts must not move either: a key that is missing or there already, a
// rule of a table, an author that was to change or go too early, a deadlock with another connection, one row twice in an
// upsert or merge.
const REFUSED = new Set(['23505', '23503', '23514', 'P0001', '23502', '40P01', '21000'])
let refusals = 0
let statements = 0
let runs = 0

class CopyIn extends pg.Query {
  lines = ''
  handleCopyInResponse(connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
    connection.sendCopyFromChunk(Buffer.from(this.lines))
    connection.endCopyFrom()
  }
}

/** False when the database refused it. */
async function execute(client: pg.PoolClient, { what, ...numbers }: Statement): Promise<boolean> {
  const said = (STATEMENTS[what] as (typeof STATEMENTS)[string])(numbers)
  statements++
  try {
    if (typeof said === 'string') await client.query(said)
    else
      await new Promise<void>((resolve, reject) => {
        const copying = new CopyIn(said.copy, err => (err ? reject(err) : resolve()))
        copying.lines = said.lines
        client.query(copying)
      })
    return true
  } catch (err) {
    if (!REFUSED.has((err as { code: string }).code)) throw new Error(`${what}: ${(err as Error).message}`, { cause: err })
    refusals++
    return false
  }
}

async function run(client: pg.PoolClient, step: Step): Promise<void> {
  if (step.do === 'fold') await foldCounters(db, step.most)
  if (step.do === 'statement') await execute(client, step.statement)
  if (step.do === 'transaction') {
    await client.query('begin')
    const whole = await runInside(client, step.steps)
    await client.query(whole ? step.end : 'rollback')
  }
  if (step.do === 'at once') {
    await Promise.all(
      step.each.map(async steps => {
        const own = await pool.connect()
        try {
          for (const one of steps) await run(own, one)
        } finally {
          own.release()
        }
      }),
    )
  }
}

async function runInside(client: pg.PoolClient, steps: Inner[]): Promise<boolean> {
  for (const step of steps) {
    if ('statement' in step) {
      if (!(await execute(client, step.statement))) return false
      continue
    }
    await client.query('savepoint here')
    let whole = true
    for (const one of step.savepoint) whole &&= await execute(client, one)
    await client.query(`${whole ? step.end : 'rollback to'} savepoint here`)
  }
  return true
}

type Counts = Record<string, string>

/** The counts that are not 0. All are read in one statement each, by kind and id. */
async function counts(query: string): Promise<Counts> {
  const { rows } = await pool.query<{ kind: string; key: bigint; value: bigint }>(
    `select kind, key, value::bigint as value from (${query}) of_all where value <> 0 order by kind, key`,
  )
  return Object.fromEntries(rows.map(row => [`${row.kind} ${row.key}`, String(row.value)]))
}

const ORACLE = Object.entries(TRUTH)
  .map(([kind, query]) => `select '${kind}' as kind, id as key, value from (${query}) each_one (id, value)`)
  .join(' union all ')
const STORED = `select kind, key, sum(value) as value from (
  select kind, key, value from counter union all select kind, key, d from counter_delta) part group by kind, key`
const OF_KINDS = COUNTER_KINDS.map(kind => `select '${kind}' as kind, key, value from counter_truth_of('${kind}')`).join(' union all ')

async function read(): Promise<Counts> {
  const { rows } = await sql<{ id: bigint }>`select id from reader union select id from article union select id from comment`.execute(db)
  const ids = rows.map(row => row.id)
  const of = await counters.read(COUNTER_KINDS, ids)
  const all = COUNTER_KINDS.flatMap(kind => ids.map(id => [`${kind} ${id}`, of(id, kind)] as const))
  return Object.fromEntries(all.filter(([, value]) => value !== 0).map(([key, value]) => [key, String(value)]))
}

/** The counts that all ways of counting agree on. */
async function agreed(): Promise<Counts> {
  const [oracle, stored, truth, ofKinds, seen] = await Promise.all(
    [ORACLE, STORED, 'select * from counter_truth()', OF_KINDS].map(counts).concat(read()),
  )
  assert.deepEqual(stored, oracle, 'counter and counter_delta are not what the rows say')
  assert.deepEqual(truth, oracle, 'counter_truth() is not what the rows say')
  assert.deepEqual(ofKinds, oracle, 'counter_truth_of() is not what the rows say')
  assert.deepEqual(seen, oracle, 'what is read is not what the rows say')
  return oracle as Counts
}

const LONG_ENOUGH_MS = 5_000
const TABLES = ['behaviour', 'following', 'comment_liking', 'comment', 'collection', 'attitude', 'article']

test('after any sequence of statements every count of every kind is what the rows say', async t => {
  assert.deepEqual(Object.keys(TRUTH).toSorted(), COUNTER_KINDS.toSorted(), 'every kind has its truth here')
  // Connections that work on the same rows do deadlock; nobody wants to wait a second each time.
  await pool.query(`do $$ begin execute format('alter database %I set deadlock_timeout = 20', current_database()); end $$`)
  await pool.query(`insert into channel (id, name) values (1, 'channel')`)
  await pool.query(`insert into reader (id, name) select ${reader(0)} + g * 3, 'reader ' || g from generate_series(0, ${FEW - 1}) g`)
  const moved = new Set<string>()
  const until = performance.now() + LONG_ENOUGH_MS
  await fc.assert(
    fc.asyncProperty(sequence, async steps => {
      // Past the limit nothing fails any more, so shrinking ends with the shortest it has found.
      if (performance.now() > until && moved.size === COUNTER_KINDS.length) return
      runs++
      for (const table of TABLES) await pool.query(`delete from ${table}`)
      await pool.query('delete from counter; delete from counter_delta')
      await pool.query(WORLD)
      const first = await agreed()
      const client = await pool.connect()
      try {
        for (const step of steps) await run(client, step)
      } finally {
        client.release()
      }
      const left = await agreed()
      for (const key of Object.keys({ ...first, ...left })) if (left[key] !== first[key]) moved.add(key.split(' ')[0] as string)
      while ((await foldCounters(db, 7)) > 0);
      assert.deepEqual(await agreed(), left, 'folding changes no count')
      for (const table of TABLES) await pool.query(`delete from ${table}`)
      assert.deepEqual(await agreed(), {}, 'nothing is left of what is gone')
    }),
    { numRuns: 150, seed: Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31) },
  )
  assert.deepEqual([...moved].toSorted(), COUNTER_KINDS.toSorted(), 'every kind was met with a count other than at first')
  t.diagnostic(`${runs} runs, ${statements} statements, ${refusals} of them refused`)
})
