// Installs what some tests need and npm does not have: a browser and Redis. Only on Debian, as root. Elsewhere, or if the
// installation fails, the tests that need them are skipped with a message.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { say } from './run.js'

const WANTED = [
  { name: 'chromium', present: process.env.CHROMIUM || existsSync('/usr/bin/chromium') },
  { name: 'redis-server', present: existsSync('/usr/bin/redis-server') },
]
const MINUTES = 5 // a hundred megabytes over a slow line

const missing = WANTED.filter(({ present }) => !present).map(({ name }) => name)
if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version')) install()

function install() {
  say(`installing ${missing.join(' and ')} for the tests …`)
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=60']
  const steps = [
    ['update', ...options],
    ['install', ...options, '-y', '--no-install-recommends', ...missing],
  ]
  for (const args of steps) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const { status, stderr } = spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'pipe'], timeout: MINUTES * 60_000 })
    if (status !== 0)
      return say(`could not: ${String(stderr).trim().split('\n').at(-1)}. Tests that need ${missing.join(' or ')} will be skipped`)
  }
}
