// `counters …`: compares the counts with the rows, puts them right, explains one.

import { createCounterReconciler, createCounters } from '../app/counting.ts'
import type { Infrastructure } from '../app/infrastructure.ts'
import { parseId } from '../base/id.ts'
import { COUNTER_KINDS, type CounterKind, isCounterKind } from '../engines/counters/counters.ts'
import type { CommandResult } from './command.ts'

/** Undefined when there is no such kind. */
export const parseCounterKind = (word: string): CounterKind | undefined => (isCounterKind(word) ? word : undefined)
export const KINDS = COUNTER_KINDS.join(', ')

export async function compareCounters(
  foundation: Infrastructure,
  { kind, repair, signal }: { kind?: CounterKind; repair: boolean; signal: AbortSignal },
): Promise<CommandResult> {
  const reports = await createCounterReconciler(foundation).reconcile(kind ? [kind] : COUNTER_KINDS, { repair, signal })
  const failed = reports.some(report => 'error' in report)
  const [one] = reports
  if (kind && one) return { result: one, exitCode: failed ? 1 : 0 }
  const sum = (pick: 'checked' | 'drift') => reports.reduce((all, report) => all + ('error' in report ? 0 : report[pick]), 0)
  return { result: { checked: sum('checked'), drift: sum('drift'), kinds: reports }, exitCode: failed ? 1 : 0 }
}

export async function explainCounter(foundation: Infrastructure, kind: CounterKind, id: string): Promise<CommandResult | undefined> {
  const key = parseId(id)
  if (!key) return undefined
  return { result: { kind, id, ...(await createCounters(foundation).explain(kind, key)) }, exitCode: 0 }
}
