import { type Logger, pino } from 'pino'

/** A log line has a constant, lower-case message; its data is in fields. */
export type Log = Logger

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Writes JSON lines to stderr. Stdout is for the output of a command. */
export function createLog(level: LogLevel): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: false }))
}

export const silentLog: Log = pino({ level: 'silent' })
