// The architecture rules, checked on the imports and the SQL of src/. A failing test lists each place that breaks a rule.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..', '..')
const files = globSync('src/**/*.ts', { cwd: root })
  .filter(file => !/\.test\.ts$|\.(contract|fixture)\.ts$|\/gen\//.test(file))
  .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** A layer may import the layers with a larger number. */
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
/** The command line uses the composition root, and both seed the demo world. */
const ALLOWED_ACROSS = new Set(['cli → app', 'app → demo', 'cli → demo'])
/** The vocabulary in which a feature describes its routes. Features import no other file of http; http imports no feature. */
const HTTP_VOCABULARY = [
  'access',
  'admin-lists',
  'bearer-token',
  'digits-pattern',
  'paging',
  'routes',
  'sockets/handler',
  'toggle-routes',
  'multipart',
  'wire',
].map(name => `src/http/${name}.ts`)

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const importsOf = ({ path, text }: (typeof files)[number]): Import[] =>
  [...text.matchAll(/^import (type )?[^;]*?from '(\.[^']+)'|import\('(\.[^']+)'\)/gm)].map(([, type, specifier, lazy]) => ({
    from: path,
    to: relative(root, join(root, dirname(path), (specifier ?? lazy) as string)),
    typeOnly: type !== undefined,
  }))

const layerOf = (path: string) => path.split('/')[1]?.replace(/\.ts$/, '') as string
const featureOf = (path: string) => /^src\/features\/([^/]+)\//.exec(path)?.[1]

function breaksLayers({ from, to, typeOnly }: Import): boolean {
  const [layer, target] = [layerOf(from), layerOf(to)]
  if (LAYERS[layer] === undefined || LAYERS[target] === undefined) return true
  const [feature, other] = [featureOf(from), featureOf(to)]
  if (feature && other && feature !== other) return !typeOnly && !to.endsWith('.schema.ts')
  if (layer === target || ALLOWED_ACROSS.has(`${layer} → ${target}`)) return false
  if (layer === 'features' && target === 'http') return !HTTP_VOCABULARY.includes(to)
  if (layer === 'features' && target === 'recommend') return !typeOnly && !/recommend\/(client|contract)\.ts$/.test(to)
  return (LAYERS[target] as number) <= (LAYERS[layer] as number)
}

test('imports point down, and features import only the types and schemas of other features', () => {
  const broken = files.flatMap(importsOf).filter(breaksLayers)
  assert.deepEqual(
    broken.map(({ from, to }) => `${from} → ${to}`),
    [],
  )
})

test('every file of the HTTP vocabulary exists and is used by a feature', () => {
  const used = new Set(
    files
      .flatMap(importsOf)
      .filter(({ from }) => layerOf(from) === 'features')
      .map(({ to }) => to),
  )
  assert.deepEqual(
    HTTP_VOCABULARY.filter(path => !used.has(path)),
    [],
  )
})

test('only the two entry points read the environment', () => {
  const readers = files.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => path)
  assert.deepEqual(readers.toSorted(), ['src/cli/main.ts', 'src/main.ts'])
})

/** The folders that insert into a table, update it or delete from it. The first one owns the table. */
const WRITERS: Record<string, string[]> = {
  administrator: ['features/admins'],
  administrator_group: ['features/admins'],
  administrator_session: ['features/admins'],
  announcement: ['features/announcements'],
  appeal: ['features/writing'],
  article: ['features/writing', 'features/articles', 'demo', 'features/personal-data'],
  article_content: ['features/writing'],
  article_review: ['features/writing'],
  article_revision: ['features/writing'],
  article_simhash: ['features/writing'],
  attitude: ['features/reactions', 'demo'],
  autosave: ['features/writing'],
  behaviour: ['features/behaviours', 'demo', 'features/personal-data'],
  behaviour_day: ['features/behaviours'],
  behaviour_refused: ['features/behaviours'],
  blocking: ['features/profiles'],
  change: ['engines/log'],
  channel: ['features/channels', 'features/ingest', 'demo'],
  chat: ['features/chat'],
  chat_message: ['features/chat'],
  chat_report: ['features/chat', 'features/moderation'],
  chat_side: ['features/chat'],
  collection: ['features/reactions', 'demo'],
  comment: ['features/comments', 'demo', 'features/personal-data'],
  comment_liking: ['features/comments', 'demo', 'features/personal-data'],
  comment_report: ['features/comments', 'features/moderation'],
  counter: ['engines/counters', 'engines/backup'],
  counter_delta: ['engines/counters'],
  counter_epoch: ['engines/log'],
  device: ['features/behaviours'],
  dial: ['features/dials'],
  event: ['engines/log'],
  file_removal: ['features/files'],
  following: ['features/profiles', 'demo'],
  group_permission: ['features/admins'],
  history: ['features/behaviours', 'demo'],
  legalize: ['features/identity'],
  id_worker: ['engines/database', 'engines/backup'],
  idempotent_request: ['engines/idempotency'],
  identity: ['features/identity'],
  identity_view: ['features/identity'],
  job: ['engines/jobs'],
  job_run: ['engines/jobs'],
  log_consumer: ['engines/log', 'engines/counters'],
  log_floor: ['engines/log', 'engines/counters'],
  material: ['features/files'],
  migration: ['engines/database'],
  milestone: ['app', 'demo'],
  moderation_hit: ['features/moderation'],
  notice: ['features/notices'],
  notice_fanout: ['features/notices'],
  notice_setting: ['features/notices'],
  operation_log: ['features/admins'],
  page: ['recommend', 'demo'],
  permission: ['features/admins'],
  ranking_policy: ['recommend'],
  ranking_policy_use: ['recommend'],
  reader: ['features/accounts', 'features/identity', 'features/profiles', 'features/ingest', 'demo', 'features/personal-data'],
  reader_channel: ['features/channels', 'demo'],
  reconcile_report: ['engines/counters'],
  reconcile_result: ['engines/counters'],
  recovery_code: ['features/admins'],
  report: ['features/reactions', 'features/moderation'],
  request_hour: ['features/statistics'],
  search_article_a: ['engines/search'],
  search_article_b: ['engines/search'],
  search_asked: ['features/search'],
  search_history: ['features/search'],
  search_index: ['engines/search'],
  search_key: ['engines/search'],
  search_list: ['features/search'],
  search_opening: ['features/search'],
  search_term: ['engines/search'],
  search_word: ['engines/search'],
  second_factor: ['features/admins'],
  seen_day: ['recommend'],
  seen_list: ['recommend'],
  sensitive_word: ['features/moderation'],
  session: ['features/accounts', 'demo'],
  set_aside: ['engines/log'],
  related_article: ['recommend'],
  shared_list: ['recommend'],
  sms_code: ['features/accounts', 'features/personal-data'],
  sms_day: ['features/accounts'],
  sms_number: ['features/accounts', 'features/personal-data'],
  stored_file: ['features/files'],
  token_key: ['engines/keys'],
  top_article: ['features/pinned', 'demo'],
  visit: ['features/statistics'],
  visitor_count: ['features/statistics'],
  web_push_subscription: ['features/notices'],
}

/** The folders that read a table, or the view `published_article`, without writing it. */
const READERS: Record<string, string[]> = {
  search_asked: ['features/statistics'],
  moderation_hit: ['features/comments'],
  migration: ['engines/backup'],
  article: [
    'engines/database',
    'features/channels',
    'features/comments',
    'features/files',
    'features/ingest',
    'features/moderation',
    'features/notices',
    'features/pinned',
    'features/statistics',
  ],
  article_content: [
    'engines/search',
    'features/articles',
    'features/cards',
    'features/ingest',
    'features/moderation',
    'features/statistics',
  ],
  article_review: ['features/files'],
  attitude: ['engines/database', 'features/articles', 'features/lists', 'features/notices', 'features/search'],
  behaviour: ['features/lists', 'features/operations', 'features/statistics', 'recommend'],
  behaviour_figure: ['features/statistics'],
  blocking: ['engines/database', 'features/chat', 'features/notices'],
  chat_message: ['features/moderation'],
  channel: ['features/pinned', 'features/search', 'features/writing'],
  collection: ['features/articles', 'features/assistant', 'features/lists', 'features/statistics'],
  comment: ['features/lists', 'features/moderation', 'features/notices', 'features/statistics', 'features/writing'],
  counter: ['engines/search', 'recommend'],
  counter_epoch: ['engines/counters'],
  following: [
    'features/articles',
    'features/assistant',
    'features/comments',
    'features/notices',
    'features/statistics',
    'features/writing',
    'recommend',
  ],
  device: ['recommend'],
  dial: ['engines/database', 'recommend'],
  history: ['features/assistant', 'features/lists'],
  comment_liking: ['features/notices'],
  page: ['features/behaviours', 'features/operations'],
  published_article: [
    'engines/database',
    'engines/search',
    'features/articles',
    'features/assistant',
    'features/behaviours',
    'features/cards',
    'features/chat',
    'features/comments',
    'features/dials',
    'features/lists',
    'features/moderation',
    'features/notices',
    'features/pinned',
    'features/reactions',
    'features/search',
    'features/statistics',
    'features/writing',
    'recommend',
  ],
  related_article: ['features/articles'],
  reader: [
    'features/assistant',
    'features/behaviours',
    'features/channels',
    'features/chat',
    'features/comments',
    'features/moderation',
    'features/notices',
    'features/reactions',
    'features/search',
    'features/statistics',
    'features/writing',
    'recommend',
  ],
  stored_file: ['features/writing'],
  top_article: ['features/cards', 'recommend'],
  session: ['features/statistics'],
}

const TABLES = new Set([...Object.keys(WRITERS), ...Object.keys(READERS)])
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/ .*$|--.*$/gm, '')
const folderOf = (path: string) => /^src\/((?:features|engines)\/[^/]+|[^/]+)/.exec(path)?.[1] as string
const WRITE = /\b(?:insert into|delete from|update) (\w+)\b(?! set \w+ = excluded)|\.(?:insertInto|deleteFrom|updateTable)\('(\w+)'\)/g
const READ = /(?<!delete )\b(?:from|join|using) (?:lateral )?(\w+)\b|\.(?:selectFrom|\w*[jJ]oin)\('(\w+)(?: as \w+)?'/g

const COMMON_TABLE_EXPRESSION = /\b(\w+)(?: \([\w, ]+\))? as (?:not )?(?:materialized )?\((?=select|insert|update|delete|values|\s)/g

/** The tables that `pattern` finds in a file, without names that its queries define themselves (`with page as (…)`). */
function tablesIn(text: string, pattern: RegExp): string[] {
  const code = withoutComments(text)
  const defined = new Set([...code.matchAll(COMMON_TABLE_EXPRESSION)].map(([, name]) => name))
  return [...code.matchAll(pattern)]
    .map(([, inSql, inBuilder]) => (inSql ?? inBuilder) as string)
    .filter(table => TABLES.has(table) && !defined.has(table))
}

/** The folders that match `pattern`, by table, sorted. */
function foldersByTable(pattern: RegExp): Map<string, string[]> {
  const found = new Map<string, Set<string>>()
  for (const { path, text } of files)
    for (const table of tablesIn(text, pattern)) found.set(table, (found.get(table) ?? new Set()).add(folderOf(path)))
  return new Map([...found].map(([table, folders]) => [table, [...folders].toSorted()]))
}

test('only the listed folders write a table', () => {
  const surprises = [...foldersByTable(WRITE)].flatMap(([table, folders]) =>
    folders.filter(folder => !WRITERS[table]?.includes(folder)).map(folder => `${folder} writes ${table}`),
  )
  assert.deepEqual(surprises, [])
})

test('only the listed folders read a table they do not write, and each listed folder does', () => {
  const found = [...foldersByTable(READ)].flatMap(([table, folders]) =>
    folders.filter(folder => !WRITERS[table]?.includes(folder)).map(folder => `${folder} reads ${table}`),
  )
  const listed = Object.entries(READERS).flatMap(([table, folders]) => folders.map(folder => `${folder} reads ${table}`))
  assert.deepEqual(found.toSorted(), listed.toSorted())
})

/** The files that read the table `article` itself, and why. `findOldestId` reads its smallest id by a name it is given. */
const ARTICLE_READERS: Record<string, string> = {
  'src/demo/clear.sql.ts': 'deletes the demo world',
  'src/demo/demo-state.sql.ts': 'finds out whether the demo world is there',
  'src/demo/seed.sql.ts': 'writes the demo world',
  'src/engines/database/visible.sql.ts': 'is the rule, with the view published_article',
  'src/features/articles/appearances.sql.ts': 'lets articles appear at their date',
  'src/features/channels/office-channels.sql.ts': 'a channel with articles of any status cannot be deleted',
  'src/features/comments/held-comments.sql.ts': 'editors see which article a held comment is about',
  'src/features/comments/comments.sql.ts': 'authors moderate the comments on their articles',
  'src/features/files/files.sql.ts': 'hides the pictures of banned and deleted articles',
  'src/features/ingest/ingest.sql.ts': 'exports all articles, and compares them with an import',
  'src/features/personal-data/personal-data.sql.ts': 'deletes what a reader wrote, drafts too',
  'src/features/notices/fanout.sql.ts': 'withdraws the notices of articles that are hidden again',
  'src/features/notices/make-notices.sql.ts': 'authors are told of what readers do with articles that are hidden by now',
  'src/features/pinned/pinned.sql.ts': 'editors pin articles before they appear',
  'src/features/moderation/reports.sql.ts': 'editors read what readers reported',
  'src/features/statistics/statistics.sql.ts': 'an author counts all of their articles',
  'src/features/writing/appeals.sql.ts': 'authors appeal against rejections and bans',
  'src/features/writing/near-duplicates.sql.ts': 'editors compare drafts with what there is',
  'src/features/writing/office-articles.sql.ts': 'editors see articles of every status',
  'src/features/writing/own-articles.sql.ts': 'authors list their drafts',
  'src/features/writing/review.sql.ts': 'editors review drafts',
  'src/features/writing/revisions.sql.ts': 'authors read what they saved',
  'src/features/writing/writing.sql.ts': 'authors edit their drafts',
}

test('only the listed files read the table of articles: all others read what readers may see', () => {
  const readers = files.filter(({ text }) => tablesIn(text, READ).includes('article')).map(({ path }) => path)
  assert.deepEqual(readers.toSorted(), Object.keys(ARTICLE_READERS).toSorted())
})

test("a feature's SQL is in its *.sql.ts files", () => {
  const misplaced = files
    .filter(({ path }) => path.startsWith('src/features/') && !path.endsWith('.sql.ts'))
    .flatMap(({ path, text }) => [WRITE, READ].flatMap(pattern => tablesIn(text, pattern)).map(table => `${path} names ${table}`))
  assert.deepEqual([...new Set(misplaced)], [])
})

test('the service worker answers for the paths of the app, and for no others', () => {
  const textOf = (path: string) => readFileSync(join(root, 'web/reader', path), 'utf8')
  const first = [...textOf('app.tsx').matchAll(/_PATH = \/\^\\\/(\w+)/g)].map(([, segment]) => segment)
  const ofFeed = ['', 'c', 'popular'] // feed-path.ts
  const withNetwork = new Set(['components']) // for those who build screens
  const answered = /PAGES = new Set\('(.*)'\.split/.exec(textOf('offline/service-worker.js'))?.[1]?.split('|') ?? []
  assert.deepEqual(answered.toSorted(), [...new Set([...ofFeed, ...first])].filter(path => !withNetwork.has(path ?? '')).toSorted())
})
