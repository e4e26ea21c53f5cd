// The OpenSearch engine, used if SEARCH_URL is set: the same port, words and weights.

import { Client } from '@opensearch-project/opensearch'
import { SECOND } from '../../../base/clock.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../../base/id.ts'
import { unavailable } from '../../../base/problem.ts'
import { lettersOf, spell } from '../analysis/pinyin.ts'
import { keyOf, keysOf, PHRASE_MAX } from '../keys.ts'
import { isEmpty } from '../query.ts'
import type { FindRequest, Phrase, Place, SearchEngine } from '../search.ts'
import { ENOUGH } from '../weights.ts'
import { documentOf } from './document.ts'
import { isTemporary, toUnavailable } from './errors.ts'
import { ensureIndexes, namesOf, REFRESH, recreateSlot, slotsOf } from './indexes.ts'
import { searchBody } from './query.ts'

/** If OpenSearch takes longer, PostgreSQL answers the query. */
const ANSWER_MS = 800
/** 500 articles take half a second. If a connection is dead, a write fails after this time and is repeated. */
const WRITE_MS = 8 * SECOND
/** To make, refresh or exchange a whole index. No reader waits for it. */
const SWAP_MS = 60 * SECOND
/** Batches up to this size are refreshed at once; larger ones wait for the next refresh. */
const REFRESH_MAX = 50
/** Shorter words are similar by chance. */
const FUZZY_MIN = 4

export function createOpenSearch({
  url,
  answerMs = ANSWER_MS,
}: {
  /** A path names the indexes, so that several installations can share one OpenSearch. */
  url: string
  answerMs?: number
}): SearchEngine {
  const { origin, pathname, username, password } = new URL(url)
  const auth = username ? { auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) } } : {}
  const client = new Client({ node: origin, ...auth, requestTimeout: WRITE_MS, maxRetries: 0 })
  const names = namesOf(pathname.replaceAll('/', '') || 'broadsheet')
  let ready: Promise<void> | undefined
  const ensure = () => {
    ready ??= ensureIndexes(client, names, swapping).catch(err => {
      ready = undefined
      throw err
    })
    return ready
  }
  const swapping = { requestTimeout: SWAP_MS }
  const inTime = { requestTimeout: answerMs }
  const indexOf = async (place: Place) => (place === 'live' ? names.articles : (await slotsOf(client, names)).aside)

  async function bulk(lines: object[], refresh: boolean): Promise<void> {
    if (lines.length === 0) return
    const { body } = await client.bulk({ body: lines as Record<string, unknown>[], refresh })
    if (!body.errors) return
    for (const item of body.items) {
      const { status, error } = Object.values(item)[0] as { status: number; error?: { type: string; reason?: string } }
      // 409: the index has a higher version; 404: the removed document did not exist.
      if (!error || status === 409 || status === 404) continue
      const reason = `${error.type}: ${error.reason}`
      throw isTemporary(status) ? unavailable(`OpenSearch is overloaded: ${reason}`) : new Error(`OpenSearch refused a document: ${reason}`)
    }
  }

  async function write(place: Place, toLines: (index: string) => object[], refresh: boolean): Promise<void> {
    try {
      await ensure()
      await bulk(toLines(await indexOf(place)), refresh)
    } catch (err) {
      throw toUnavailable(err as Error)
    }
  }

  async function search(request: FindRequest, strict: boolean): Promise<ArticleId[]> {
    const { body } = await client.search({ index: names.articles, body: searchBody(request, strict) }, inTime)
    return body.hits.hits.map(hit => BigInt((hit.fields as { id: [string] }).id[0]) as ArticleId)
  }

  return {
    name: 'opensearch',
    async put({ entries = [], phrases = [] }, place = 'live') {
      await write(
        place,
        index =>
          entries.flatMap(entry => [
            { index: { _index: index, _id: String(entry.id), version: Number(entry.version), version_type: 'external' } },
            documentOf(entry),
          ]),
        entries.length <= REFRESH_MAX,
      )
      await write(
        'live',
        () =>
          phrases.flatMap(phrase =>
            [...phrase.text].length > PHRASE_MAX
              ? []
              : [{ index: { _index: names.phrases, _id: `${phrase.kind}:${phrase.text}` } }, phraseDocument(phrase)],
          ),
        phrases.length <= REFRESH_MAX,
      )
    },
    async get(id) {
      await ensure()
      const { body } = await client.get({ index: names.articles, id: String(id) }, { ignore: [404] })
      if (!body.found) return undefined
      const source = body._source as ReturnType<typeof documentOf>
      return {
        version: BigInt(body._version ?? 0),
        title: source.title,
        channelId: source.channel_id as ChannelId,
        authorId: BigInt(source.author_id) as ReaderId,
        publishedAt: source.published_at,
      }
    },
    async exists(ids, place = 'live') {
      await ensure()
      if (ids.length === 0) return new Set()
      const { body } = await client.mget({ index: await indexOf(place), body: { ids: ids.map(String) }, _source: false })
      return new Set(body.docs.filter(doc => 'found' in doc && doc.found).map(doc => BigInt(doc._id as string) as ArticleId))
    },
    async remove(removals, place = 'live') {
      await write(
        place,
        index =>
          removals.map(({ id, version }) => ({
            delete: { _index: index, _id: String(id), version: Number(version), version_type: 'external' },
          })),
        removals.length <= REFRESH_MAX,
      )
    },
    async find(request) {
      if (isEmpty(request.query)) return { ids: [], allWordsCount: 0 }
      const strict = await search(request, true)
      const allWordsCount = strict.length
      if (allWordsCount >= ENOUGH || request.query.terms.length < 2 || (allWordsCount === 0 && request.allWordsOnly))
        return { ids: strict, allWordsCount }
      const known = new Set(strict)
      return { ids: [...strict, ...(await search(request, false)).filter(id => !known.has(id))].slice(0, request.limit), allWordsCount }
    },
    async suggest(typed, limit) {
      const key = keyOf(typed)
      if (key === '') return { phrases: [], titled: [] }
      const letters = lettersOf(key)
      // One syllable has too many homophones.
      const spelled = letters === undefined && [...key].length > 1 ? spell(key)?.full : undefined
      const completion = (prefix: string, fuzzy: boolean) => ({
        prefix,
        completion: {
          field: 'typed',
          size: limit * 3,
          skip_duplicates: true,
          ...(fuzzy && { fuzzy: { fuzziness: 1, min_length: FUZZY_MIN, prefix_length: 1 } }),
        },
      })
      const exact = letters ?? key
      const suggesters = {
        exact: completion(exact, false),
        ...(spelled && { sounds: completion(spelled, false) }),
        ...(letters && letters.length >= FUZZY_MIN && { fuzzy: completion(letters, true) }),
      }
      const { body } = await client.search({ index: names.phrases, body: { _source: ['text'], size: 0, suggest: suggesters } }, inTime)
      const found = new Map<string, string>()
      const answers = body.suggest as unknown as Record<string, { options: { _source: { text: string } }[] }[]>
      for (const way of ['exact', 'sounds', 'fuzzy'])
        if (found.size === 0 || way === 'exact')
          for (const { _source } of answers[way]?.[0]?.options ?? [])
            if (found.size < limit) found.set(keyOf(_source.text), found.get(keyOf(_source.text)) ?? _source.text)
      const phrases = [...found.values()]
      if (phrases.length === limit) return { phrases, titled: [] }
      const byTitle = { size: limit * 3, _source: ['id', 'title'], query: { prefix: { title: key } } }
      const { body: titles } = await client.search({ index: names.articles, body: byTitle }, inTime)
      const hits = titles.hits.hits.map(hit => hit._source as { id: string; title: string })
      const short = hits.filter(({ title }) => [...title].length <= PHRASE_MAX)
      return { phrases, titled: short.slice(0, limit - phrases.length).map(({ id }) => BigInt(id) as ArticleId) }
    },
    async swap(step) {
      await ensure()
      const { live, aside } = await slotsOf(client, names)
      if (step === 'begin') return recreateSlot(client, aside, swapping)
      await client.indices.putSettings({ index: aside, body: { refresh_interval: REFRESH } }, swapping)
      await client.indices.refresh({ index: aside }, swapping)
      if (step === 'prepare') return
      const actions = [{ remove: { index: live, alias: names.articles } }, { add: { index: aside, alias: names.articles } }]
      await client.indices.updateAliases({ body: { actions } }, swapping)
    },
    close: () => client.close(),
  }
}

function phraseDocument(phrase: Phrase) {
  const input = [...new Set(keysOf(phrase).map(({ key }) => key))]
  // OpenSearch takes integers.
  return { text: phrase.text, kind: phrase.kind, typed: { input, weight: Math.round(phrase.weight * 100) } }
}
