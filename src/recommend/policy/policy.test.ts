import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { testDatabase } from '../../../test/support/database.ts'
import { POLICY_VERSION_MAX } from '../contract.ts'
import { createAssignedViewers } from '../experiments/assigned-viewers.ts'
import { armOf } from '../experiments/assignment.ts'
import { endExperiment, findRunning, insertExperiment, type NewExperiment } from '../experiments/experiments.sql.ts'
import { MODEL_SCORES, weigh } from '../scores.ts'
import { parsePolicy } from './check-policy.ts'
import { compileExpression } from './expression.ts'
import { createLeaderboards } from './leaderboards.ts'
import { insertUse, storePolicy } from './policies.sql.ts'
import { createPolicies } from './policies.ts'
import { completePolicy, DEFAULT_POLICY, DEFAULTS, type Policy, policyNumber, splitPolicyNumber } from './policy.ts'
import { PolicySchema } from './policy-schema.ts'

const refusal = (document: unknown): string => {
  try {
    parsePolicy(typeof document === 'string' ? document : JSON.stringify(document))
  } catch (err) {
    return (err as Error).message
  }
  return 'accepted'
}

test('the file that says what holds without one is a policy, and an empty one changes nothing', () => {
  assert.equal(refusal(DEFAULTS), 'accepted')
  assert.deepEqual(completePolicy(parsePolicy(JSON.stringify(DEFAULTS)), 0), DEFAULT_POLICY)
  assert.deepEqual(completePolicy(parsePolicy('{}'), 0), DEFAULT_POLICY)
})

test('policies are equal whatever the order of their fields: a database keeps its own', () => {
  const reversed = (fields: object) => Object.fromEntries(Object.entries(fields).toReversed())
  const document = { ...DEFAULTS, leaderboards: { hot: { score: 'likes' }, all: { score: 'clicks' } } }
  const { positive } = DEFAULTS.feedback
  const other = { ...document, feedback: { positive: reversed(positive) }, leaderboards: reversed(document.leaderboards) }
  assert.equal(JSON.stringify(completePolicy(other, 1)), JSON.stringify(completePolicy(document, 1)))
})

test('without a policy the factors of a score are those of the product, none of them weighed', () => {
  assert.deepEqual(weigh(MODEL_SCORES, DEFAULT_POLICY), { factors: MODEL_SCORES, weights: undefined })
  const { factors, weights } = weigh(MODEL_SCORES, completePolicy({ sources: { fresh: 0.5 }, factors: { choice: 2 } }, 1))
  assert.deepEqual([Object.keys(factors).at(-1), weights?.choice, weights?.language], ['source', 2, 1])
})

test('the schema in docs is the one that files are checked with', () => {
  const file = join(import.meta.dirname, '../../../docs/ranking-policy.schema.json')
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(PolicySchema)))
})

test('what is wrong is told with its path', () => {
  const cases: [unknown, RegExp][] = [
    [{ sources: { trendy: 1 } }, /^sources\.trendy: there is no such field; there are following, covisited,/],
    [{ weights: {} }, /^weights: there is no such field; there are \$schema, name, sources/],
    [{ sources: { trending: '1' } }, /^sources\.trending: must be number$/],
    [{ sources: { trending: -1 } }, /^sources\.trending: must be >= 0$/],
    [{ exploration: { share: 1.5 } }, /^exploration\.share: must be <= 1$/],
    [{ factors: [] }, /^factors: must be object$/],
    [[], /^the policy: must be object$/],
    ['null', /^the policy: must be object$/],
    ['{"factors": {"appeal": 1e999}}', /^factors\.appeal: must be/],
    ['{"__proto__": {"a": 1}}', /^__proto__: there is no such field/],
    [{ feedback: { positive: { 'read>=30': 1 } } }, /^feedback\.positive\.read>=30: the name is not of the form/],
    [{ name: 'Über' }, /^name: must match pattern/],
    [{ $schema: 'a\0' }, /^\$schema: must match pattern/],
    ['{"$schema": "\\ud800"}', /^\$schema: must match pattern/],
    [{ leaderboards: { hot: { score: 'clicks +' } } }, /^leaderboards\.hot\.score: a value expected at the end$/],
    [{ leaderboards: { hot: { score: 'process' } } }, /^leaderboards\.hot\.score: there is no such name; .* at character 1: "process"$/],
    ['{"name": ', /^the policy is no JSON/],
  ]
  for (const [document, message] of cases) assert.match(refusal(document), message)
  assert.equal(refusal({ sources: { a: 1, b: 1 }, factors: { c: 1 } }).split('\n').length, 3)
})

test('a field that is there twice is refused, however it is written; a mark at the beginning of the file is not', () => {
  assert.match(refusal('{"sources": {"fresh": 1, "trending": 0, "fre\\u0073h": 2}}'), /^sources\.fresh: is there twice$/)
  assert.match(refusal('{"factors": {}, "name": "a", "factors": {"taste": 0}}'), /^factors: is there twice$/)
  assert.match(refusal('{"": 1, "": 2}'), /^the policy: is there twice$/)
  assert.match(refusal('{"leaderboards": {"a": {"score": "age", "score": "likes"}}}'), /^leaderboards\.a\.score: is there twice$/)
  assert.equal(refusal('\uFEFF{"sources": {"fresh": 1}, "factors": {"freshness": 1}, "name": "name"}'), 'accepted')
  assert.match(refusal('[{"a": ":", "b": [{"a": "{"}, "\\"", {"a": "}"}]}]'), /^the policy: must be object$/)
})

test('weights that sum to nothing, and fields that contradict one another, are refused', () => {
  const zeros = (names: object) => Object.fromEntries(Object.keys(names).map(name => [name, 0]))
  assert.match(refusal({ sources: zeros(DEFAULTS.sources), exploration: { share: 0 } }), /^sources: the weights sum to nothing$/)
  assert.match(refusal({ factors: { ...zeros(DEFAULTS.factors), model: 1, language: 1 } }), /^factors: the weights sum to nothing/)
  assert.match(refusal({ feedback: { positive: { click: 0 } } }), /^feedback\.positive: the weights sum to nothing$/)
  assert.match(refusal({ feedback: { positive: {} } }), /^feedback\.positive: the weights sum to nothing$/)
  assert.match(refusal({ sources: { ...zeros(DEFAULTS.sources), leaderboard: 1 }, exploration: { share: 0 } }), /^sources: the weights sum/)
  const hot = { hot: { score: 'likes' } }
  assert.equal(
    refusal({ sources: { ...zeros(DEFAULTS.sources), leaderboard: 1 }, exploration: { share: 0 }, leaderboards: hot }),
    'accepted',
  )
  assert.match(refusal({ sources: { leaderboard: 0 }, leaderboards: hot }), /^leaderboards: contradict sources\.leaderboard, which is 0$/)
  for (const score of ['1 / 0', 'log(0 - 1 - clicks)', '0 / 0 * likes', 'sqrt(-1 - comments - age)'])
    assert.match(refusal({ leaderboards: { hot: { score } } }), /^leaderboards\.hot\.score: is no number, whatever the counts are$/)
  for (const score of [
    '1 / clicks',
    'log(likes)',
    '1 / (clicks - 300)',
    '5',
    'log(comments - 1)',
    '1 / (comments - 1)',
    'sqrt(clicks - 1000)',
    'log(likes - 200)',
  ])
    assert.equal(refusal({ leaderboards: { hot: { score } } }), 'accepted', score)
  assert.match(refusal({ sources: { explore: 0 } }), /^exploration\.share: 1 contradicts sources\.explore, which is 0$/)
  assert.equal(refusal({ sources: { explore: 0 }, exploration: { share: 0 } }), 'accepted')
  assert.match(
    refusal({ feedback: { positive: { 'read>=10s': 1 }, negative: { 'read<20s': 1 } } }),
    /^feedback\.negative\.read<20s: contradicts feedback\.positive\.read>=10s/,
  )
  assert.equal(refusal({ feedback: { positive: { 'read>=10s': 1 }, negative: { 'read<10s': 1, dislike: 2 } } }), 'accepted')
  assert.match(refusal({ feedback: { positive: { 'click>=3s': 1 } } }), /^feedback\.positive\.click>=3s: only a reading has a time$/)
  assert.match(refusal({ feedback: { positive: { click: 1, 'read<0s': 1 } } }), /^feedback\.positive\.read<0s: no reading is so short$/)
})

test('a file of ten megabytes, or of fifty thousand brackets, is refused at once', () => {
  const before = process.cpuUsage() // not the time: others may have the processor
  assert.match(refusal(`{"name": "${'a'.repeat(10_000_000)}"}`), /^a policy has at most 65536 bytes$/)
  assert.match(refusal('['.repeat(30_000) + ']'.repeat(30_000)), /^the policy: must be object$/)
  assert.match(refusal(`{"sources": ${'{"a":'.repeat(10_000)}1${'}'.repeat(10_001)}`), /^sources\.a: there is no such field/)
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`a${i}`, 1]))
  assert.ok(refusal(many).split('\n').length <= 11)
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system < 2_000_000, `${user + system} µs of processor time`)
})

test('feedback has times and weights: at least, more than, less than', () => {
  const { feedback } = completePolicy(
    parsePolicy('{"feedback": {"positive": {"read>=30s": 2, "like": 3}, "negative": {"read<=5s": 0.5, "dislike": 1}}}'),
    1,
  )
  assert.deepEqual(feedback, {
    days: 7,
    rules: [
      { action: 'like', from: 0, to: Number.POSITIVE_INFINITY, weight: 3 },
      { action: 'read', from: 30_000, to: Number.POSITIVE_INFINITY, weight: 2 },
      { action: 'dislike', from: 0, to: Number.POSITIVE_INFINITY, weight: -1 },
      { action: 'read', from: 0, to: 5_001, weight: -0.5 },
    ],
  })
})

test('an expression is arithmetic, with the usual order of operations', () => {
  const counts = { clicks: 10, likes: 4, dislikes: 1, collections: 2, comments: 3, shares: 5, age: 6 }
  const values: [string, number][] = [
    ['1 + 2 * 3 ^ 2 ^ 0.5', 1 + 2 * 3 ** (2 ** 0.5)],
    ['-2 ^ 2', -4],
    ['2 ^ -1 * 4', 2],
    ['10 - 2 - 3', 5],
    ['8 / 2 / 2', 2],
    ['(clicks + 3*likes) / (age + 2) ^ 1.5', 22 / 8 ** 1.5],
    ['max(log(clicks), sqrt(likes)) - min(shares, 2)', Math.log(10) - 2],
    ['abs(--likes - age) * exp(0)', 2],
  ]
  for (const [text, value] of values) assert.ok(Math.abs(compileExpression(text)(counts) - value) < 1e-12, text)
})

test('an expression is bounded, and knows no other names', () => {
  for (const text of ['', '(', '1 2', 'clicks likes', 'max(1)', 'log(1, 2)', 'constructor', 'toString(1)', '1;2', 'clicks[0]', 'age => 1'])
    assert.throws(() => compileExpression(text), /expected|no such name/, text)
  assert.throws(() => compileExpression(`${'1+'.repeat(200)}1`), /at most 200 characters/)
  for (const deep of ['('.repeat(99), '-'.repeat(99), '2^'.repeat(99)])
    assert.throws(() => compileExpression(`${deep}1`), /at most 20 levels/)
})

test('a page’s number says which policy ranked it and by what, and of the defaults is what it always was', () => {
  assert.deepEqual([policyNumber(0, 1), policyNumber(0, 2), policyNumber(0, 3)], [1, 2, 3])
  assert.deepEqual(splitPolicyNumber(policyNumber(7, 2)), { version: 7, ranker: 2 })
  assert.ok(policyNumber(POLICY_VERSION_MAX, 3) <= 32_767)
})

test('a policy of another build is told of once, and the arms of an experiment keep theirs', async () => {
  const { db } = await testDatabase()
  const told: string[] = []
  const log = pino({ base: null }, { write: line => told.push(line) })
  const assignment = { key: '00', share: 0.5 }
  const treated = Array.from({ length: 99 }, (_, i) => `r${i}`).find(viewer => armOf(assignment, viewer) === 'treatment')
  const policies = createPolicies({ db, log, assignedViewers: createAssignedViewers(db) })
  const use = (version: number) => db.transaction().execute(tx => insertUse(tx, version))
  const store = (document: object) => db.transaction().execute(tx => storePolicy(tx, document))
  async function begin(arms: Pick<NewExperiment, 'kind' | 'controlPolicy' | 'treatmentPolicy'>) {
    const before = await findRunning(db)
    if (before) await endExperiment(db, before.id, '')
    await insertExperiment(db, { ...assignment, ...arms, name: 'a', error: 0.05, countAfterMs: 0 })
  }

  // Stored by a build that had fewer rules: it ranks.
  const loose = { factors: { appeal: 2 }, sources: { explore: 0 }, leaderboards: { none: { score: '0 / 0' } } }
  assert.match(refusal(loose), /contradicts[^]*is no number/)
  const earlier = await store(loose)
  await use(earlier)
  await policies.load()
  assert.deepEqual([policies.live().version, told], [earlier, []])

  const [ofAnotherBuild, good] = [
    await store({ factors: { charm: 1 } }),
    await store({ factors: { appeal: 2 }, leaderboards: { old: { score: 'age' } } }),
  ]
  await use(ofAnotherBuild)
  await begin({ kind: 'policy', controlPolicy: 0, treatmentPolicy: good })
  await policies.load()
  const first = policies.of(treated)
  assert.deepEqual([first.version, policies.live().version], [good, 0])
  const leaderboards = createLeaderboards({ db, policies })
  await leaderboards.load()
  const namesOf = (policy: Policy) => leaderboards.of(policy).map(({ name }) => name)
  assert.deepEqual([namesOf(first), namesOf(policies.live())], [['old'], []], 'leaderboards can be tried by some viewers')
  await policies.load()
  assert.equal(policies.of(treated), first)
  assert.equal(told.length, 1)

  // Both arms of a model on trial have the live one, also when it changes.
  await begin({ kind: 'model' })
  for (const version of [good, 0]) {
    await use(version)
    await policies.load()
    assert.deepEqual([policies.of(treated).version, policies.live().version], [version, version])
  }

  // The last policy that a page can name.
  await sql`insert into ranking_policy (version, document) overriding system value values (${POLICY_VERSION_MAX}, '{}')`.execute(db)
  assert.equal(await store({ factors: { appeal: 2 }, leaderboards: { old: { score: 'age' } } }), good, 'what is stored is found')
  await assert.rejects(store({ name: 'one-more' }), /^Problem: no other policy can be stored/)

  // Without the policy of one arm there is no experiment.
  await begin({ kind: 'policy', controlPolicy: good, treatmentPolicy: ofAnotherBuild })
  for (let i = 0; i < 3; i++) await policies.load()
  assert.equal(policies.of(treated), policies.live())
  assert.equal(told.length, 2)
})
