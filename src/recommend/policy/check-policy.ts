// Reads a policy file. A mistake is refused with the path of the wrong value; the first ten are told together.

import type { TSchema } from 'typebox'
import { loadLate } from '../../base/load-late.ts'
import { invalid } from '../../base/problem.ts'
import { POLICY_BYTES_MAX } from '../contract.ts'
import { findDuplicateKey } from './duplicate-keys.ts'
import { type ArticleCounts, compileExpression, VARIABLES } from './expression.ts'
import { findFeedbackErrors } from './feedback.ts'
import { completePolicy, DEFAULTS } from './policy.ts'
import { type PolicyDocument, PolicySchema } from './policy-schema.ts'

const ERRORS_MAX = 10
const PATH_MAX = 80

interface Mistake {
  /** As `sources.trending`; empty for the whole. */
  path: string
  message: string
}

export function parsePolicy(file: string): PolicyDocument {
  if (Buffer.byteLength(file) > POLICY_BYTES_MAX) throw invalid(`a policy has at most ${POLICY_BYTES_MAX} bytes`)
  const text = file.replace(/^\uFEFF/, '') // some editors of Windows begin a file with this mark
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (err) {
    throw invalid(`the policy is no JSON: ${(err as Error).message.slice(0, 200)}`)
  }
  const twice = findDuplicateKey(text)
  if (twice !== undefined) throw refuse([{ path: twice, message: 'is there twice' }])
  return checkPolicy(value)
}

function checkPolicy(value: unknown): PolicyDocument {
  const document = readStoredPolicy(value)
  const mistakes = findContradictions(document)
  if (mistakes.length === 0) return document
  throw refuse(mistakes.slice(0, ERRORS_MAX))
}

/**
 * Refuses only what cannot rank: names and expressions that this build does not know. A policy that ranks today is not replaced by the
 * defaults because a later build has more rules for new ones.
 */
export function readStoredPolicy(value: unknown): PolicyDocument {
  const mistakes = findShapeMistakes(value)
  if (mistakes.length === 0) mistakes.push(...findScoreMistakes(value as PolicyDocument))
  if (mistakes.length === 0) return value as PolicyDocument
  throw refuse(mistakes.slice(0, ERRORS_MAX))
}

function refuse(mistakes: readonly Mistake[]) {
  const paths = mistakes.map(({ path }) => path.slice(0, PATH_MAX))
  const lines = mistakes.map(({ message }, i) => `${paths[i] || 'the policy'}: ${message}`)
  return invalid(lines.join('\n'), { paths })
}

function findShapeMistakes(value: unknown): Mistake[] {
  const { Value } = loadLate<typeof import('typebox/value')>('typebox/value')
  const mistakes: Mistake[] = []
  for (const { keyword, instancePath, message } of Value.Errors(PolicySchema, value)) {
    const keys = instancePath.split('/').slice(1)
    const path = keys.join('.')
    if (keyword === 'additionalProperties') continue // each of them has an error of its own
    mistakes.push({ path, message: keyword === 'boolean' ? unknownName(keys) : message })
  }
  return mistakes
}

/** There is no such field, but there are others. */
function unknownName(keys: string[]): string {
  let schema: TSchema | undefined = PolicySchema
  for (const key of keys.slice(0, -1)) schema = (schema as { properties?: Record<string, TSchema> } | undefined)?.properties?.[key]
  const { properties, patternProperties } = (schema ?? {}) as { properties?: object; patternProperties?: object }
  if (properties) return `there is no such field; there are ${Object.keys(properties).join(', ')}`
  return patternProperties ? `the name is not of the form ${Object.keys(patternProperties)[0]}` : 'there is no such field'
}

const COUNTS = VARIABLES.filter(name => name !== 'age')
/** Articles that no reader has seen and others, old and new; with as much of everything, and with much of one thing only. */
const EXAMPLES: ArticleCounts[] = [0, 1.5, 200].flatMap(age =>
  [0, 1, 7, 300, 100_000].flatMap(count => {
    const none: ArticleCounts = { clicks: 0, likes: 0, dislikes: 0, collections: 0, comments: 0, shares: 0, age }
    const all: ArticleCounts = { clicks: count, likes: count, dislikes: count, collections: count, comments: count, shares: count, age }
    const mixed = { ...all, likes: count / 2, dislikes: count / 5, shares: count / 3 }
    return [
      all,
      mixed,
      ...COUNTS.flatMap(name => [
        { ...none, [name]: count },
        { ...all, [name]: 0 },
      ]),
    ]
  }),
)

const sum = (weights: Record<string, number>) => Object.values(weights).reduce((total, weight) => total + weight, 0)

function findContradictions(document: PolicyDocument): Mistake[] {
  const { sources, factors, exploration } = completePolicy(document, 0)
  const mistakes: Mistake[] = []
  const { positive = DEFAULTS.feedback.positive, negative = {} } = document.feedback ?? {}
  const leaderboards = Object.entries(document.leaderboards ?? {})
  if (sum(sources) - (leaderboards.length > 0 ? 0 : sources.leaderboard) === 0)
    mistakes.push({ path: 'sources', message: 'the weights sum to nothing' })
  const { model: _, disinterest: __, language: ___, ...wanted } = factors
  if (sum(wanted) === 0) mistakes.push({ path: 'factors', message: 'the weights sum to nothing: nothing would raise an article' })
  if (sources.explore === 0 && exploration.share > 0)
    mistakes.push({ path: 'exploration.share', message: `${exploration.share} contradicts sources.explore, which is 0` })
  if (leaderboards.length > 0 && sources.leaderboard === 0)
    mistakes.push({ path: 'leaderboards', message: 'contradict sources.leaderboard, which is 0' })
  mistakes.push(...findFeedbackErrors(positive, negative))
  for (const [name, { score }] of leaderboards) {
    const expression = compileExpression(score)
    if (!EXAMPLES.some(counts => Number.isFinite(expression(counts))))
      mistakes.push({ path: `leaderboards.${name}.score`, message: 'is no number, whatever the counts are' })
  }
  return mistakes
}

function findScoreMistakes({ leaderboards = {} }: PolicyDocument): Mistake[] {
  return Object.entries(leaderboards).flatMap(([name, { score }]) => {
    try {
      compileExpression(score)
      return []
    } catch (err) {
      return [{ path: `leaderboards.${name}.score`, message: (err as Error).message }]
    }
  })
}
