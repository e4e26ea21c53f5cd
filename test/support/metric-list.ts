// test/rules/metrics.txt: the metrics that operators' dashboards and alerts rely on.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ListedMetric {
  type: string
  name: string
  labels: string[]
  onlyWithRedis: boolean
}

export function readMetricList(): ListedMetric[] {
  const lines = readFileSync(join(import.meta.dirname, '..', 'rules', 'metrics.txt'), 'utf8').split('\n')
  return lines
    .filter(line => line && !line.startsWith('#'))
    .map(line => {
      const [type = '', name = '', ...labels] = line.split(/\s+/)
      return { type, name, labels: labels.filter(label => label !== 'redis'), onlyWithRedis: labels.includes('redis') }
    })
}
