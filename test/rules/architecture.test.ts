// The shape of the code, read from its imports and its SQL. Both tests name what breaks the rule, and where.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..', '..')
const files = globSync('src/**/*.ts', { cwd: root }).filter(
  file => !/\.test\.ts$|\.fixture\.ts$|\/gen\//.test(file),
)

/** Each layer may import from those after it, never from those before. */
const LAYERS: Record<string, number> = {
  main: 0,
  app: 1,
  cli: 1,
  demo: 2,
  roles: 3,
  http: 4,
  features: 4,
  recommend: 5,
  engines: 6,
  config: 7,
  base: 8,
}
/** The composition root is asked by the command line, and seeds the demo world. */
const ACROSS = [/^cli → app$/, /^app → demo$/, /^cli → demo$/]

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^import (type )?[^;]*?from '(\.[^']+)'|import\('(\.[^']+)'\)/gm)].map(([, type, to, lazy]) => ({
    from: file,
    to: relative(root, join(root, dirname(file), (to ?? lazy) as string)),
    typeOnly: type !== undefined,
  }))
}

const layerOf = (file: string) => file.split('/')[1]?.replace(/\.ts$/, '') as string
const featureOf = (file: string) => /^src\/features\/([^/]+)/.exec(file)?.[1]

test('imports point down, features meet only as types, and only the client of the recommender is seen from outside', () => {
  const broken = files.flatMap(importsOf).filter(({ from, to, typeOnly }) => {
    const [a, b] = [layerOf(from), layerOf(to)]
    if (LAYERS[a] === undefined || LAYERS[b] === undefined) return true
    const [feature, other] = [featureOf(from), featureOf(to)]
    if (feature && other) return feature !== other && !typeOnly && !to.endsWith('.schema.ts')
    if (a === b || ACROSS.some(arrow => arrow.test(`${a} → ${b}`))) return false
    if (a === 'features' && b === 'recommend') return !typeOnly && !/recommend\/(client|contract)\.ts$/.test(to)
    return (LAYERS[b] as number) <= (LAYERS[a] as number)
  })
  assert.deepEqual(
    broken.map(({ from, to }) => `${from} → ${to}`),
    [],
  )
})

test('one file reads the environment', () => {
  const readers = files.filter(file => /\bprocess\.env\b/.test(readFileSync(join(root, file), 'utf8')))
  assert.deepEqual(readers.toSorted(), ['src/cli/main.ts', 'src/main.ts'])
})

/** Who writes each table: the folder whose SQL inserts into it, updates or deletes it. */
const WRITERS: Record<string, string[]> = {
  administrator: ['features/admins'],
  administrator_session: ['features/admins'],
  article: ['features/ingest', 'demo'],
  article_content: ['features/ingest', 'demo'],
  attitude: ['features/reactions', 'demo'],
  behaviour: ['features/behaviours', 'demo'],
  blocking: ['features/profiles'],
  channel: ['features/ingest', 'demo'],
  collection: ['features/reactions', 'demo'],
  comment: ['features/comments', 'demo'],
  comment_liking: ['features/comments', 'demo'],
  counter: ['engines/counters'],
  counter_delta: ['engines/counters'],
  counter_epoch: ['engines/log'],
  following: ['features/profiles', 'demo'],
  history: ['features/behaviours', 'demo'],
  id_worker: ['engines/database'],
  log_consumer: ['engines/counters'],
  log_floor: ['engines/log', 'engines/counters'],
  job: ['engines/jobs'],
  job_run: ['engines/jobs'],
  migration: ['engines/database'],
  milestone: ['app'],
  page: ['recommend', 'demo'],
  reader: ['features/accounts', 'features/profiles', 'features/ingest', 'demo'],
  reader_channel: ['features/channels', 'demo'],
  reconcile_report: ['engines/counters'],
  report: ['features/reactions'],
  seen_day: ['recommend'],
  session: ['features/accounts', 'demo'],
  shared_list: ['recommend'],
  sms_code: ['features/accounts'],
  top_article: ['features/pinned', 'demo'],
}

test('each table is written where it is said to be, and SQL stands in files named for it', () => {
  const found: Record<string, Set<string>> = {}
  const misplaced: string[] = []
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    const writes = [
      ...text.matchAll(
        /\b(?:insert into|delete from|update) (\w+)\b(?! set \w+ = excluded)|\.(?:insertInto|deleteFrom|updateTable)\('(\w+)'\)/g,
      ),
    ]
    for (const [, bySql, byBuilder] of writes) {
      const table = (bySql ?? byBuilder) as string
      if (!(table in WRITERS)) continue
      const folder = /^src\/((?:features|engines)\/[^/]+|[^/]+)/.exec(file)?.[1] as string
      ;(found[table] ??= new Set()).add(folder)
      if (folder.startsWith('features/') && !file.endsWith('.sql.ts')) misplaced.push(`${file} writes ${table}`)
    }
  }
  assert.deepEqual(misplaced, [])
  const surprises = Object.entries(found).flatMap(([table, folders]) =>
    [...folders].filter(folder => !WRITERS[table]?.includes(folder)).map(folder => `${folder} writes ${table}`),
  )
  assert.deepEqual(surprises, [])
})
