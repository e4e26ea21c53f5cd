// Parses the arguments, runs a command, prints its result. Messages go to stderr, the result to stdout: with --json exactly
// one JSON object, of a failure `{"error": …}`. Exit codes: 0 done · 1 failed · 2 wrong usage · 3 done, but some lines were refused.

import { parseArgs } from 'node:util'
import { createLog } from '../base/log.ts'
import { ConfigError, readConfig } from '../config.ts'
import { stringify } from '../http/json.ts'
import { UsageError } from './command.ts'
import { COMMANDS } from './commands.ts'

const OPTIONS = {
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  mobile: { type: 'string' },
  kind: { type: 'string' },
  account: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  wait: { type: 'boolean' },
  'end-old': { type: 'boolean' },
  version: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

export interface CliIo {
  env: NodeJS.ProcessEnv
  stdout: Pick<NodeJS.WriteStream, 'write'>
  stderr: Pick<NodeJS.WriteStream, 'write'>
  signal: AbortSignal
}

export async function run(args: string[], { env, stdout, stderr, signal }: CliIo): Promise<number> {
  try {
    const { values, positionals } = parse(args)
    if (values.help || positionals.length === 0) {
      stdout.write(usage())
      return values.help ? 0 : 2
    }
    const command = COMMANDS.find(({ words }) => words.every((word, i) => positionals[i] === word))
    if (!command) throw new UsageError(`there is no command "${positionals.join(' ')}"`)
    const operands = positionals.slice(command.words.length)
    const needed = command.operands.filter(operand => !operand.startsWith('['))
    if (operands.length < needed.length || operands.length > command.operands.length) throw new UsageError(`usage: ${synopsis(command)}`)
    const stray = Object.keys(values).find(name => name !== 'json' && !command.flags?.join(' ').includes(`--${name}`))
    if (stray) throw new UsageError(`${command.words.join(' ')} does not take --${stray}; usage: ${synopsis(command)}`)
    const config = readConfig(env)
    const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel)
    // npm changes to the project's folder and keeps the caller's in INIT_CWD.
    const folder = env.INIT_CWD ?? process.cwd()
    const { result, lines = '', text, exitCode } = await command.run({ config, log, operands, folder, options: values, signal, stderr })
    const fields = format(result)
    stdout.write(values.json ? `${stringify(result)}\n` : (text ?? `${lines}${fields && `${fields}\n`}`))
    return exitCode
  } catch (err) {
    const error = err instanceof Error ? err.message : String(err)
    if (args.includes('--json')) stdout.write(`${stringify({ error })}\n`)
    stderr.write(`${error}\n`)
    return err instanceof UsageError || err instanceof ConfigError ? 2 : 1
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (err) {
    throw new UsageError((err as Error).message)
  }
}

function synopsis({ words, operands, flags }: (typeof COMMANDS)[number]): string {
  return [...words, ...operands, ...(flags ?? [])].join(' ')
}

function usage(): string {
  const rows = COMMANDS.map(command => [synopsis(command), command.about] as const)
  const width = Math.max(...rows.map(([left]) => left.length))
  return `npm run --silent cli -- COMMAND [--json]\n\n${rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')}\n`
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** One line for each field, also of groups in groups. Lists are left out: commands give them as `lines`. */
export function format(result: object, prefix = ''): string {
  return Object.entries(result)
    .filter(([, value]) => !Array.isArray(value))
    .map(([field, value]) => {
      const name = prefix + field
      if (isGroup(value)) return format(value, `${name} `)
      return `${name}: ${value instanceof Date ? value.toISOString() : (value ?? '-')}`
    })
    .filter(Boolean)
    .join('\n')
}
