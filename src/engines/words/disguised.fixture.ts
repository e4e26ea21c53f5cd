// 200 disguised spellings, for the test and the benchmark.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Disguised {
  word: string
  spelling: string
}

export function readDisguised(): Disguised[] {
  const lines = readFileSync(join(import.meta.dirname, 'disguised.fixture.txt'), 'utf8').split('\n')
  return lines
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const [word = '', spelling = ''] = line.split('\t')
      return {
        word,
        spelling: spelling.replace(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16))),
      }
    })
}
