// The learner's snapshot: a file with the model and the position in the log that it has learned up to, so that a restart goes on
// from there. A file that is cut off, damaged or of another version is none.

import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import { FEATURES } from '../model/feature-names.ts'
import type { LearnerPosition } from './log.sql.ts'
import { plainOf } from './parts.ts'

/** Of the parts; with the features: a model of another version cannot be gone on with. */
const VERSION = `2 ${FEATURES.join(' ')}`

export interface LearnerSnapshot {
  position: LearnerPosition
  lineage: string
  parts: Record<string, object>
}

interface Header extends Omit<LearnerSnapshot, 'parts'> {
  version: string
  parts: { name: string; bytes: number }[]
  sha256: string
}

/** Nothing may be learned until it returns. Requests are answered between the parts. */
export async function writeSnapshot(file: string, { position, lineage, parts }: LearnerSnapshot): Promise<void> {
  const bodies: Buffer[] = []
  const hash = createHash('sha256')
  for (const part of Object.values(parts)) {
    const body = serialize(plainOf(part))
    hash.update(body)
    bodies.push(body)
    await nextTurn()
  }
  const sizes = Object.keys(parts).map((name, i) => ({ name, bytes: (bodies[i] as Buffer).length }))
  const header: Header = { version: VERSION, position, lineage, parts: sizes, sha256: hash.digest('hex') }
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
export async function readSnapshot(file: string): Promise<LearnerSnapshot | undefined> {
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes) return undefined
  try {
    const end = bytes.indexOf('\n')
    const { version, position, lineage, parts, sha256 } = JSON.parse(bytes.toString('utf8', 0, end)) as Header
    const body = bytes.subarray(end + 1)
    if (version !== VERSION || createHash('sha256').update(body).digest('hex') !== sha256) return undefined
    const read: LearnerSnapshot['parts'] = {}
    let from = 0
    for (const { name, bytes: size } of parts) {
      read[name] = ownArrays(deserialize(body.subarray(from, (from += size))))
      await nextTurn()
    }
    return { position, lineage, parts: read }
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
