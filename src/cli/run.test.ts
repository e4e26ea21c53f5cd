import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCli } from '../../test/support/cli.ts'
import { format } from './run.ts'

test('a flag of another command is refused, because ignored it would do what the operator did not ask for', async () => {
  const { code, err } = await runCli({}, ['counters', 'rebuild', '--dry-run'])
  assert.equal(code, 2)
  assert.match(err, /^counters rebuild does not take --dry-run; usage: counters rebuild \[KIND\]\n$/)
})

test('a result has a line for each field, however deep, and none for lists', () => {
  const at = new Date(0)
  assert.equal(
    format({ state: 'done', report: { ndcg10: { ials: 0.4, live: null }, none: {}, rows: [1], held_out: 200 }, at }),
    'state: done\nreport ndcg10 ials: 0.4\nreport ndcg10 live: -\nreport held_out: 200\nat: 1970-01-01T00:00:00.000Z',
  )
})
