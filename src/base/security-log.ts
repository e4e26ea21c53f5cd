// Lines of the log about who came in and who was refused, to be found by `kind`. They have ids, and no tokens, codes, passwords
// or numbers. What administrators change is in the table of operations besides.

import type { Log } from './log.ts'

export type SecurityEvent =
  | 'reader signed in'
  | 'reader signed out'
  | 'refresh token replayed'
  | 'mobile number changed'
  | 'mobile number replaced'
  | 'administrator signed in'
  | 'administrator signed out'
  | 'administrator changed password'
  | 'second factor set up'
  | 'second factor removed'
  | 'refused'

export type SecurityLog = (event: SecurityEvent, facts: Record<string, bigint | string | number | undefined>) => void

export function createSecurityLog(log: Pick<Log, 'info' | 'warn'>): SecurityLog {
  return (event, facts) => {
    const texts = Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'bigint' ? fact.toString() : fact])
    // A copied token was used: only an attack, or a broken client, makes this event.
    const level = event === 'refresh token replayed' ? 'warn' : 'info'
    log[level]({ kind: 'security', event, ...Object.fromEntries(texts) }, 'security')
  }
}
