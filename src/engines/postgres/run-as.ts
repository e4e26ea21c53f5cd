// PostgreSQL refuses to run as root, and should not outlive us. Both are settled by the words put before its command.

import { spawnSync } from 'node:child_process'

export interface RunAs {
  /** The whole command line: `words` behind whatever changes the user and ties the life of the child to ours. */
  command(words: string[]): [string, ...string[]]
  /** Who the files of the cluster must belong to; absent when we are not root and it is simply us. */
  user: { uid: number; gid: number } | undefined
  spawnOptions: SpawnOptions
  /** Whether flock can hold the directory while the server lives. */
  flock: boolean
}

interface SpawnOptions {
  cwd: string
  env: Record<string, string>
  detached: boolean
  uid?: number
  gid?: number
}

const SPAWN: SpawnOptions = {
  cwd: '/', // ours may be closed to the other user
  // Nothing of ours may steer it (PGPORT, LANG, TZ …). Its messages are read by us, so they are in English.
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  // Its own process group: Ctrl-C in a terminal reaches the whole group, and would end PostgreSQL while we still answer readers.
  detached: true,
}

/** `nobody` has this number on every Linux we know, and needs no line in /etc/passwd. */
const NOBODY = { uid: 65534, gid: 65534 }

// The kernel interrupts the child when the thread that started it ends, even by kill -9: a fast, clean shutdown.
const DIES_WITH_US = ['setpriv', '--pdeathsig', 'INT']

// For a checkout or data below a directory that only root may enter, as /root is. Without the securebit access(2) ignores the
// capability, and initdb refuses its own binary.
const ENTERS_ANYWHERE = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override']

/** Finds the least privilege under which `postgres` runs and `directory` can be entered. `owner` is who owns existing data. */
export function findRunAs(postgres: string, directory: string, owner: { uid: number; gid: number } | undefined): RunAs {
  const root = process.getuid?.() === 0
  const user = !root ? undefined : owner && owner.uid !== 0 ? owner : NOBODY
  const tried: string[] = []
  for (const { prefix, ...identity } of candidates(user)) {
    const spawnOptions = { ...SPAWN, ...identity }
    const command = (words: string[]) => [...prefix, ...words] as [string, ...string[]]
    const [file, ...args] = command(['sh', '-c', '"$0" --version >/dev/null && cd "$1"', postgres, directory])
    const tries = spawnSync(file, args, { ...spawnOptions, encoding: 'utf8' })
    if (tries.status === 0) {
      return { command, user, spawnOptions, flock: hasFlock() }
    }
    tried.push((tries.error?.message ?? tries.stderr).trim())
  }
  const why = [...new Set(tried)].join('; ')
  throw new Error(
    root
      ? `PostgreSQL does not run as root, and this root may not become uid ${user?.uid} (capabilities SETUID, SETGID): set DATABASE_URL, or start as an ordinary user. ${why}`
      : `PostgreSQL cannot be run from ${postgres}: ${why}`,
  )
}

function candidates(user: RunAs['user']): { prefix: string[]; uid?: number; gid?: number }[] {
  if (!user) return [DIES_WITH_US, []].map(prefix => ({ prefix }))
  const becomes = [...DIES_WITH_US, `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  return [
    { prefix: becomes },
    { prefix: [...becomes, ...ENTERS_ANYWHERE] },
    { prefix: [], ...user }, // where setpriv is missing
  ]
}

function hasFlock(): boolean {
  return spawnSync('flock', ['--nonblock', '--no-fork', '/dev/null', 'true']).status === 0
}
