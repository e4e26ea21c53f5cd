// A snapshot of what a process has in memory: a file with its parts, and the position in the logs that they have been brought up to, so
// that a restart goes on from there. A file that is cut off, damaged or of another version is none.

import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import { plainOf } from './snapshot-parts.ts'

export interface Snapshot<About> {
  /** What it is of, and up to where: JSON. */
  about: About
  parts: Record<string, object>
}

interface Form {
  version: string
  parts: { name: string; bytes: number }[]
  sha256: string
}

/** The parts may not change until it returns. Requests are answered between them. `version`: of the form of the parts. */
export async function writeSnapshot<About>(file: string, version: string, { about, parts }: Snapshot<About>): Promise<void> {
  const bodies: Buffer[] = []
  const hash = createHash('sha256')
  for (const part of Object.values(parts)) {
    const body = serialize(plainOf(part))
    hash.update(body)
    bodies.push(body)
    await nextTurn()
  }
  const sizes = Object.keys(parts).map((name, i) => ({ name, bytes: (bodies[i] as Buffer).length }))
  const header: Form & About = { ...about, version, parts: sizes, sha256: hash.digest('hex') }
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(`${file}.new`, 'w')
  try {
    await handle.writev([Buffer.from(`${JSON.stringify(header)}\n`), ...bodies])
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
}

/** Undefined if there is none that can be used. Requests are answered between the parts. */
export async function readSnapshot<About>(file: string, version: string): Promise<Snapshot<About> | undefined> {
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes) return undefined
  try {
    const end = bytes.indexOf('\n')
    const { parts, sha256, version: written, ...about } = JSON.parse(bytes.toString('utf8', 0, end)) as Form & About
    const body = bytes.subarray(end + 1)
    if (written !== version || createHash('sha256').update(body).digest('hex') !== sha256) return undefined
    const read: Record<string, object> = {}
    let from = 0
    for (const { name, bytes: size } of parts) {
      read[name] = ownArrays(deserialize(body.subarray(from, (from += size))))
      await nextTurn()
    }
    return { about: about as unknown as About, parts: read }
  } catch {
    return undefined
  }
}

/** Arrays as they are read are views of the whole file, which would stay in memory with the last of them. */
function ownArrays<T>(value: T): T {
  if (ArrayBuffer.isView(value)) return (value as unknown as Float64Array).slice() as T
  if (value instanceof Map) {
    for (const [key, each] of value) if (typeof each === 'object') value.set(key, ownArrays(each))
  } else if (typeof value === 'object' && value !== null && !(value instanceof Set))
    for (const [key, each] of Object.entries(value))
      if (typeof each === 'object' && each !== null) (value as Record<string, unknown>)[key] = ownArrays(each)
  return value
}
