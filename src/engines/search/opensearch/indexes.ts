// The indexes in OpenSearch: two slots for articles, an alias for the one that answers, and one index for phrases.

import type { Client } from '@opensearch-project/opensearch'

export interface Names {
  /** The alias. */
  articles: string
  slots: [string, string]
  phrases: string
}

export const namesOf = (prefix: string): Names => ({
  articles: `${prefix}-articles`,
  slots: [`${prefix}-articles-a`, `${prefix}-articles-b`],
  phrases: `${prefix}-phrases`,
})

// We segment the text and separate tokens by spaces, so that both engines have the same words.
const tokens = { type: 'text', analyzer: 'whitespace', norms: true } as const

/** A published article is found within a second. */
export const REFRESH = '300ms'

const ARTICLES = {
  settings: {
    number_of_shards: 1, // a million headlines are half a gigabyte
    number_of_replicas: 0, // the rows are the copy
    refresh_interval: REFRESH,
    'index.gc_deletes': '1h', // for this time an older version cannot restore a removed article
    'index.max_result_window': 1_000,
  },
  mappings: {
    dynamic: 'strict',
    properties: {
      id: { type: 'long' },
      author_id: { type: 'long' },
      channel_id: { type: 'integer' },
      published_at: { type: 'date', format: 'epoch_millis' },
      covers: { type: 'byte' },
      popularity: { type: 'float' },
      title: { type: 'keyword', ignore_above: 1_000 },
      title_words: tokens,
      title_pieces: tokens,
      // The last character of each run, with which no pair begins.
      title_ends: tokens,
      body_words: tokens,
      body_pieces: tokens,
    },
  },
} as const

const PHRASES = {
  settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: REFRESH },
  mappings: {
    dynamic: 'strict',
    properties: {
      text: { type: 'keyword' },
      kind: { type: 'keyword' },
      typed: { type: 'completion', analyzer: 'keyword', max_input_length: 64 },
    },
  },
} as const

interface Options {
  requestTimeout: number
}

/** Creates missing indexes. Several processes may do so at once. */
export async function ensureIndexes(client: Client, names: Names, options: Options): Promise<void> {
  if (!(await client.indices.exists({ index: names.phrases })).body) await create(client, names.phrases, PHRASES, options)
  if ((await client.indices.existsAlias({ name: names.articles })).body) return
  await create(client, names.slots[0], ARTICLES, options)
  await client.indices.putAlias({ index: names.slots[0], name: names.articles }, options)
}

export async function recreateSlot(client: Client, index: string, options: Options): Promise<void> {
  await client.indices.delete({ index }, { ...options, ignore: [404] })
  // No query reads this index while it is filled.
  await create(client, index, { ...ARTICLES, settings: { ...ARTICLES.settings, refresh_interval: '-1' } }, options)
}

async function create(client: Client, index: string, body: object, options: Options): Promise<void> {
  await client.indices.create({ index, body }, options).catch(err => {
    if (err.body?.error?.type !== 'resource_already_exists_exception') throw err
  })
}

/** The slot the alias names, and the other one. */
export async function slotsOf(client: Client, names: Names): Promise<{ live: string; aside: string }> {
  const { body } = await client.indices.getAlias({ name: names.articles })
  const live = Object.keys(body)[0] ?? names.slots[0]
  return { live, aside: live === names.slots[0] ? names.slots[1] : names.slots[0] }
}
