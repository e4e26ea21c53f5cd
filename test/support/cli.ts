// Runs a CLI command in this process, which is faster than a process of its own. test/processes/command-line.ts starts one.

import assert from 'node:assert/strict'
import { parseJson } from '../../src/base/json.ts'
import { run } from '../../src/cli/run.ts'
import { PATIENCE_MS, within } from './waiting.ts'

export async function runCli(env: Record<string, string>, words: string[]) {
  const said = { out: '', err: '' }
  const into = (name: keyof typeof said) => ({ write: (text: string | Uint8Array) => Boolean((said[name] += text)) })
  const surroundings = {
    env: { DEMO: '0', LOG_LEVEL: 'silent', ...env },
    stdout: into('out'),
    stderr: into('err'),
    signal: new AbortController().signal,
  }
  const code = await within(run(words, surroundings), `broadsheet cli ${words.join(' ')}`, 3 * PATIENCE_MS)
  return parseCliOutput(words, { code, ...said })
}

/** Parses stdout if it is JSON. With --json it must be an object on one line, unless the process was killed. */
export function parseCliOutput<T extends { code: number | null; out: string }>(words: string[], said: T) {
  if (words.includes('--json') && said.code !== null) assert.match(said.out, /^\{.*\}\n$/)
  // biome-ignore lint: tests read what people read
  return { ...said, json: (said.out.startsWith('{') ? parseJson(said.out) : undefined) as any }
}
