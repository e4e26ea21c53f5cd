// How PostgreSQL's programs are run: PostgreSQL refuses to run as root, and must not outlive us. Both are done by a command
// that is put before its own.

import { spawnSync } from 'node:child_process'

export interface RunAs {
  /** The command line that runs `command` as the right user, as a child that ends with us. */
  command(command: string[]): [string, ...string[]]
  /** The owner that the cluster's files must have; undefined if we are not root, and it is our own user. */
  user: { uid: number; gid: number } | undefined
  spawnOptions: SpawnOptions
  /** The program flock is installed and can lock the cluster while the server runs. */
  hasFlock: boolean
}

interface SpawnOptions {
  cwd: string
  env: Record<string, string>
  detached: boolean
  uid?: number
  gid?: number
}

const SPAWN: SpawnOptions = {
  cwd: '/', // the other user may have no access to ours
  // None of our variables may change its behaviour (PGPORT, LANG, TZ …). We read its messages, so they are in English.
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  // A process group of its own: Ctrl-C in a terminal reaches our whole group, and would end PostgreSQL while we still serve.
  detached: true,
}

/** The uid of the least privileged user on Linux (65534). It needs no line in /etc/passwd. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 }

// When the thread that started the child ends, even by kill -9, the kernel sends SIGINT: a fast shutdown.
const END_WITH_PARENT = ['setpriv', '--pdeathsig', 'INT']

// For a checkout or data below a folder that only root may enter, such as /root. Without the securebit, access(2) ignores the
// capability, and initdb refuses its own binary.
const ENTER_ANY_FOLDER = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override']

/**
 * Finds the lowest privilege with which the program `postgres` runs and `folder` can be entered. `owner` owns the existing data.
 * Throws if there is none.
 */
export function findRunAs(postgres: string, folder: string, owner: { uid: number; gid: number } | undefined): RunAs {
  const isRoot = process.getuid?.() === 0
  const user = !isRoot ? undefined : owner && owner.uid !== 0 ? owner : UNPRIVILEGED
  const errors: string[] = []
  for (const { prefix, ...identity } of listCandidates(user)) {
    const spawnOptions = { ...SPAWN, ...identity }
    const command = (words: string[]) => [...prefix, ...words] as [string, ...string[]]
    const [file, ...args] = command(['sh', '-c', '"$0" --version >/dev/null && cd "$1"', postgres, folder])
    const trial = spawnSync(file, args, { ...spawnOptions, encoding: 'utf8' })
    if (trial.status === 0) {
      return { command, user, spawnOptions, hasFlock: hasFlock() }
    }
    errors.push((trial.error?.message ?? trial.stderr).trim())
  }
  const why = [...new Set(errors)].join('; ')
  throw new Error(
    isRoot
      ? `PostgreSQL does not run as root, and this root may not become uid ${user?.uid} (capabilities SETUID, SETGID): set DATABASE_URL, or start as an ordinary user. ${why}`
      : `PostgreSQL cannot be run from ${postgres}: ${why}`,
  )
}

function listCandidates(user: RunAs['user']): { prefix: string[]; uid?: number; gid?: number }[] {
  if (!user) return [END_WITH_PARENT, []].map(prefix => ({ prefix }))
  const changeUser = [...END_WITH_PARENT, `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  return [
    { prefix: changeUser },
    { prefix: [...changeUser, ...ENTER_ANY_FOLDER] },
    { prefix: [], ...user }, // where setpriv is missing
  ]
}

function hasFlock(): boolean {
  return spawnSync('flock', ['--nonblock', '--no-fork', '/dev/null', 'true']).status === 0
}
