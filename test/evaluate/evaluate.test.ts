// The command on small logs made here: what it prints, and that it scores what the protocols say.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { evaluate as evaluateEbnerd } from '../../evaluate/ebnerd/evaluate.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { PATIENCE_MS } from '../support/waiting.ts'

/** Rarely a Node hangs when it exits (nodejs/node#64560). It has said then what it was asked, and is killed. */
const run = (...words: string[]) =>
  promisify(execFile)(process.execPath, ['evaluate/run.ts', ...words], { timeout: 3 * PATIENCE_MS, killSignal: 'SIGKILL' })
const DAY = 86_400
let folder: string

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-evaluate-'))
})
after(() => rmSync(folder, { recursive: true }))

const write = (name: string, lines: string[]) => writeFileSync(join(folder, name), gzipSync(`${lines.join('\n')}\n`))
/** In this process: one of its own takes half a second longer. */
const evaluate = () => evaluateEbnerd(folder, () => {})
const evaluateAsCommand = async (): Promise<Evaluation> => JSON.parse((await run('ebnerd', folder, '--json')).stdout)

/** Four readers, a week, an impression of three articles every two hours; the highest id of them is always clicked. */
function ebnerdWeek(firstId: number, startsAt: number): string[] {
  const head = 'impression_id\tuser_id\tts_utc_s\tsession_id\tdevice_type\tcontext_article_id\tcandidates'
  const rows = Array.from({ length: 84 }, (_, i) => {
    const shown = [3, 1, 2].map(n => 1000 + Math.floor(i / 10) * 3 + n)
    const candidates = shown.map(id => `${id}-${Number(id % 3 === 0)}`).join(' ')
    return `${firstId + i}\t${i % 4}\t${startsAt + i * 2 * 3600}\t1\t1\t\t${candidates}`
  })
  return [head, ...rows]
}

test('without the second week, the last day of the first is scored; with it, the second week', async () => {
  const history = ['user_id\thistory', ...[0, 1, 2, 3].map(user => `${user}\t900:${user + 1}:1:1 901:${user + 2}:1:1`)]
  write('train.behaviors.tsv.gz', ebnerdWeek(1, 1_000_000))
  write('train.history.tsv.gz', history)
  const development = await evaluate()
  assert.equal(development.protocol, 'E1-dev')
  assert.ok((development.rows.clicks_24h?.auc ?? 0) > 0.9, 'the article that was clicked before is clicked again')
  assert.equal(development.rows.today?.hr10, null)
  assert.equal(development.rows.today?.ci95.auc?.length, 2)

  write('validation.behaviors.tsv.gz', ebnerdWeek(1000, 1_000_000 + 7 * DAY))
  write('validation.history.tsv.gz', history)
  const whole = await evaluate()
  assert.equal(whole.protocol, 'E1')
  const learned = ['model', 'model_nonpersonal', 'model_online', 'trees', 'trees_nonpersonal', 'combined']
  assert.deepEqual(Object.keys(whole.rows).slice(0, 7), [...learned, 'today'])
  assert.ok((whole.rows.model?.auc ?? 0) > 0.9, 'the ranker learns what is clicked')
  assert.ok((whole.rows.combined?.auc ?? 0) > 0.9, 'and so do both together')
  assert.deepEqual((await evaluateAsCommand()).rows, JSON.parse(JSON.stringify(whole.rows)), 'the same log gives the same numbers')
})

test('a set that is not known, or a folder without its files, is refused with a sentence', async () => {
  await assert.rejects(run('nothing', folder), /npm run evaluate/)
  await assert.rejects(run('globo', folder, '--json'), /no clicks\.csv\.gz in/)
})
