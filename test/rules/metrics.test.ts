// Metrics whose name stands in the code are listed with these labels. test/journeys/jobs.test.ts compares the names on /metrics.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readMetricList } from '../support/metric-list.ts'

const root = join(import.meta.dirname, '..', '..')
const DECLARATION = /\.(counter|gauge|labelledGauge|histogram)\(\s*'(\w+)',\s*(?:'[^']*'|"[^"]*")(?:,\s*\[([^\]]*)\])?/g

test('every metric in the code is listed in metrics.txt, with its labels', () => {
  const declared = globSync('src/**/*.ts', { cwd: root })
    .filter(path => !path.endsWith('.test.ts'))
    .flatMap(path => [...readFileSync(join(root, path), 'utf8').matchAll(DECLARATION)])
    .map(([, type = '', name, labels = '']) => {
      const names = [...labels.matchAll(/'(\w+)'/g)].map(([, label]) => label)
      return [type === 'labelledGauge' ? 'gauge' : type, name, ...names].join(' ')
    })
  const listed = new Set(readMetricList().map(({ type, name, labels }) => [type, name, ...labels].join(' ')))
  assert.ok(declared.length > 15, 'most names stand in the code') // 18 at the time of writing
  assert.deepEqual(
    declared.filter(each => !listed.has(each)),
    [],
  )
})
