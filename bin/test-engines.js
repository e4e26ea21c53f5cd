// Installs what some tests need and npm does not have: a browser and Redis. Only on Debian, as root. Elsewhere, or if the
// installation fails, the tests that need them are skipped with a message.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { say } from './run.js'

// Packages in order of preference. Chromium's headless shell takes half the processor time of Chromium; older systems lack it.
const WANTED = [
  { packages: ['chromium-headless-shell', 'chromium'], present: process.env.CHROMIUM || existsSync('/usr/bin/chromium-headless-shell') },
  { packages: ['redis-server'], present: existsSync('/usr/bin/redis-server') },
]
const OPTIONS = ['-qq', '-o', 'DPkg::Lock::Timeout=60']
const MINUTES = 5 // a hundred megabytes over a slow line

const missing = WANTED.filter(({ present }) => !present)
if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version')) {
  say(`installing ${missing.map(({ packages }) => packages[0]).join(' and ')} for the tests …`)
  const trouble = apt('update')
  for (const { packages } of missing) install(packages, trouble)
}

/** Tries one package after another. `trouble`: why none can be installed. */
function install(packages, trouble) {
  let why = trouble
  for (const name of packages) {
    if (existsSync(`/usr/bin/${name}`)) return
    why = trouble ?? apt('install', '-y', '--no-install-recommends', name)
    if (why === undefined) return
  }
  say(`could not: ${why}. Tests that need ${packages[0]} will be skipped`)
}

/** The last line of what apt-get complained of, if it failed. */
function apt(step, ...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const stdio = ['ignore', 'ignore', 'pipe']
  const { status, stderr } = spawnSync('apt-get', [step, ...OPTIONS, ...args], { env, stdio, timeout: MINUTES * 60_000 })
  return status === 0 ? undefined : String(stderr).trim().split('\n').at(-1)
}
