// Starts the server: environment → config → app → wait for a signal. app/shutdown.ts says how it stops.

import type { App } from './app/app.ts'
import { listenForStop } from './app/shutdown.ts'
import { VERSION } from './app/version.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { DEMO_CODE } from './features/accounts/sms-sender.ts'

// process.exit would lose output that is still being written to a pipe.
const exitWhenIdle = () => void (process.exitCode ??= 0)

function fail(err: unknown): void {
  process.stderr.write(`${err instanceof ConfigError ? err.message : `broadsheet stopped: ${err instanceof Error ? err.message : err}`}\n`)
  process.exitCode = 1
}

let stop: AbortSignal | undefined
try {
  // On a terminal only warnings are shown, not every request.
  const config = readConfig({ LOG_LEVEL: process.stderr.isTTY ? 'warn' : 'info', ...process.env })
  // Loaded when the settings are known to be right: that takes most of a second.
  const { createApp } = await import('./app/app.ts')
  stop = listenForStop() // until now a signal ends the process at once: nothing was open
  // With --dev, reloading the page rebuilds the web app.
  const app = await createApp(config, { build: process.argv.includes('--dev') ? 'always' : 'once', startSignal: stop })
  process.stdout.write(welcome(config, app))
  if (stop.aborted) await app.close()
  else stop.addEventListener('abort', () => void app.close().then(exitWhenIdle, fail))
} catch (err) {
  if (stop?.aborted && err instanceof Error && err.name === 'AbortError') exitWhenIdle()
  else fail(err)
}

function welcome(config: Config, { url, grpc, demo, firstAdmin }: App): string {
  const account = demo ? '13911111111 (reader and creator)' : 'any mobile number, such as 13911111111'
  const signIn = config.smsUrl ? 'with a code sent to a mobile number' : `${account}, code ${DEMO_CODE}`
  const lines = [
    `Broadsheet ${VERSION}`,
    ...(config.roles.has('api') ? [`  open     ${url}`, `  sign in  ${signIn}`] : [`  watch    ${url}/metrics`]),
    ...(firstAdmin ? [`  admin    ${adminLine(firstAdmin)}`] : []),
    `  data     ${config.databaseUrl ? `${new URL(config.databaseUrl).host} and ` : ''}${config.dataDir}`,
    '  stop     Ctrl-C',
    `ready ${url}${grpc ? ` grpc ${grpc}` : ''}`,
  ]
  return `${lines.join('\n')}\n`
}

function adminLine({ account, password, file }: NonNullable<App['firstAdmin']>): string {
  if (password) return `${account}, password ${password}`
  return file ? `${account}, password in ${file}` : `${account}, with the password in ADMIN_PASSWORD`
}
