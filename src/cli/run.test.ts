import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCli } from '../../test/support/cli.ts'

test('a flag of another command is refused, because ignored it would do what the operator did not ask for', async () => {
  const { code, err } = await runCli({}, ['counters', 'rebuild', '--dry-run'])
  assert.equal(code, 2)
  assert.match(err, /^counters rebuild does not take --dry-run; usage: counters rebuild \[KIND\]\n$/)
})
