// `counters drift|rebuild|explain`.

import { createCounterReconciler, createCounters } from '../app/counting.ts'
import type { Infrastructure } from '../app/infrastructure.ts'
import { parseId } from '../base/id.ts'
import { COUNTER_KINDS, type CounterKind, isCounterKind } from '../engines/counters/counters.ts'
import { type Command, type CommandResult, UsageError, withInfrastructure } from './command.ts'

export const COUNTER_COMMANDS: Command[] = [
  {
    words: ['counters', 'drift'],
    operands: [],
    about: 'compare every count with the rows, and change nothing',
    run: call => withInfrastructure(call, infrastructure => compareCounters(infrastructure, { correctDrift: false, signal: call.signal })),
  },
  {
    words: ['counters', 'rebuild'],
    operands: ['[KIND]'],
    about: 'compare the counts with the rows, and correct differences',
    async run(call) {
      const [name] = call.operands
      const kind = name === undefined ? undefined : parseKind(name)
      return withInfrastructure(call, infrastructure => compareCounters(infrastructure, { kind, correctDrift: true, signal: call.signal }))
    },
  },
  {
    words: ['counters', 'explain'],
    operands: ['KIND', 'ID'],
    about: 'what a count consists of',
    async run(call) {
      const [name, id] = call.operands as [string, string]
      const kind = parseKind(name)
      const key = parseId(id)
      if (!key) throw new UsageError('ID is a whole number from 1 to 9223372036854775807')
      return withInfrastructure(call, async infrastructure => ({
        result: { kind, id, ...(await createCounters(infrastructure).explain(kind, key)) },
        exitCode: 0,
      }))
    },
  },
]

function parseKind(name: string): CounterKind {
  if (!isCounterKind(name)) throw new UsageError(`KIND is one of ${COUNTER_KINDS.join(', ')}`)
  return name
}

async function compareCounters(
  infrastructure: Infrastructure,
  { kind, correctDrift, signal }: { kind?: CounterKind; correctDrift: boolean; signal: AbortSignal },
): Promise<CommandResult> {
  const reports = await createCounterReconciler(infrastructure).reconcile(kind ? [kind] : COUNTER_KINDS, { correctDrift, signal })
  const failed = reports.some(each => 'error' in each)
  const [report] = reports
  if (kind && report) return { result: report, exitCode: failed ? 1 : 0 }
  const sum = (pick: 'checked' | 'drift') => reports.reduce((total, each) => total + ('error' in each ? 0 : each[pick]), 0)
  return { result: { checked: sum('checked'), drift: sum('drift'), kinds: reports }, exitCode: failed ? 1 : 0 }
}
