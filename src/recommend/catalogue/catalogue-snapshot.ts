// The catalogue with its weights and what was clicked together in a file, written when a process ends, so that the next start need
// not read the rows. It is valid by the position in the logs: what came after it is applied as the consumer applies it at any time.

import { rm } from 'node:fs/promises'
import { type Clock, HOUR } from '../../base/clock.ts'
import { newestMigration } from '../../engines/database/migrate.ts'
import type { Position, Validity } from '../../engines/log/log-rows.sql.ts'
import type { SavedClicks } from '../factors/new-articles.ts'
import { readSnapshot, writeSnapshot } from '../snapshot-file.ts'
import type { SavedCovisits } from '../sources/covisits.ts'
import type { SavedCatalogue } from './catalogue.ts'
import type { SavedDailyWeights } from './daily-weights.ts'

export interface CatalogueSnapshot {
  writtenAt: number
  changes: Position
  behaviours: Position
  catalogue: SavedCatalogue
  dailyWeights: SavedDailyWeights
  covisits: SavedCovisits
  readersLike: SavedClicks
}

interface About {
  writtenAt: number
  incarnation: string
  changes: SavedPosition
  behaviours: SavedPosition
}
type SavedPosition = Record<keyof Position, string>

/** Reading the log takes longer than reading the rows after some time, and nothing that was forgotten may stay for days. */
const AGE_MAX_MS = HOUR
const FORM = 2
/** Fewer are read from the rows in a tenth of a second or less. */
const ARTICLES_MIN = 500

export interface SnapshotFile {
  read(end: Position & Pick<Validity, 'incarnation'>): Promise<CatalogueSnapshot | undefined>
  write(snapshot: Omit<CatalogueSnapshot, 'writtenAt'>, incarnation: string): Promise<void>
}

export interface SnapshotFileNeeds {
  file: string
  clock: Clock
  /** By which behaviours are weighed: a snapshot is valid for the same only. */
  feedback: () => unknown
  articlesMin?: number
}

export function createSnapshotFile({ file, clock, feedback, articlesMin = ARTICLES_MIN }: SnapshotFileNeeds): SnapshotFile {
  // Of this process: when it ends, the folder may be of the version that follows.
  const migration = newestMigration()
  const version = async () => `${FORM} ${await migration} ${JSON.stringify(feedback())}`
  return {
    async read({ xid, incarnation }) {
      const snapshot = await readSnapshot<About>(file, await version())
      await rm(file, { force: true }) // if this process is killed, the next one reads the rows
      if (!snapshot) return undefined
      const { about, parts } = snapshot
      const age = clock() - about.writtenAt
      const isOfThisLife = about.incarnation === incarnation && [about.changes, about.behaviours].every(at => BigInt(at.xid) <= BigInt(xid))
      if (!isOfThisLife || age < 0 || age > AGE_MAX_MS) return undefined
      const { dailyWeights, covisits, readersLike, ...catalogue } = parts
      return {
        writtenAt: about.writtenAt,
        changes: positionOf(about.changes),
        behaviours: positionOf(about.behaviours),
        catalogue: catalogue as unknown as SavedCatalogue,
        dailyWeights: dailyWeights as SavedDailyWeights,
        covisits: covisits as SavedCovisits,
        readersLike: readersLike as SavedClicks,
      }
    },
    async write({ changes, behaviours, catalogue, ...others }, incarnation) {
      if (catalogue.articles.ids.length < articlesMin) return
      const about = { writtenAt: clock(), incarnation, changes: savedOf(changes), behaviours: savedOf(behaviours) }
      await writeSnapshot<About>(file, await version(), { about, parts: { ...catalogue, ...others } })
    },
  }
}

const savedOf = ({ xid, seq }: Position): SavedPosition => ({ xid, seq: String(seq) })
const positionOf = ({ xid, seq }: SavedPosition): Position => ({ xid, seq: BigInt(seq) })
