// Rows into an archive and out of it, by PostgreSQL's COPY. Whatever their number, memory holds one part of a table.

import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { invalid } from '../../base/problem.ts'
import type { TableInArchive } from './manifest.ts'
import type { Member } from './read-archive.ts'
import { copyIn, copyOut, listTables } from './tables.sql.ts'
import type { ArchiveWriter } from './write-archive.ts'

/** A tar needs the size of a member before its bytes. Large enough that the headers, a kilobyte each, do not count. */
const PART_BYTES = 4 * 1024 * 1024

/** `client` is in a snapshot. */
export async function saveRows(client: pg.Client, archive: ArchiveWriter): Promise<TableInArchive[]> {
  const saved: TableInArchive[] = []
  for (const table of await listTables(client)) {
    const rows = client.query(copyTo(copyOut(table)))
    let parts = 0
    for await (const part of inParts(rows)) {
      const number = String(++parts).padStart(6, '0')
      await archive.add(`rows/${table.name}/${number}`, part.length, [part])
    }
    saved.push({ ...table, rows: rows.rowCount })
  }
  return saved
}

async function* inParts(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let size = 0
  for await (const piece of pieces) {
    waiting.push(piece)
    size += piece.length
    if (size < PART_BYTES) continue
    yield Buffer.concat(waiting)
    waiting = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(waiting)
}

export interface RowsTarget {
  /** Takes the members `rows/TABLE/NUMBER` in their order. */
  write(member: Member): Promise<void>
  /** Throws if a table got more or fewer rows than the archive has. */
  end(): Promise<void>
}

/** `client` is in a transaction. All parts of a table are one COPY: its rows may refer to each other. */
export function createRowsTarget(client: pg.Client, tables: TableInArchive[]): RowsTarget {
  let open: { table: TableInArchive; copy: ReturnType<typeof copyFrom>; done: Promise<void> } | undefined
  const restored = new Map<string, number>()

  async function finish(): Promise<void> {
    if (!open) return
    open.copy.end()
    await open.done
    restored.set(open.table.name, open.copy.rowCount)
    open = undefined
  }

  async function begin(name: string) {
    await finish()
    const table = tables.find(each => each.name === name)
    if (!table || restored.has(name)) throw invalid(`rows of ${name} stand where none belong`)
    const copy = client.query(copyFrom(copyIn(table)))
    const done = finished(copy)
    done.catch(() => {}) // the next write throws it
    return { table, copy, done }
  }

  return {
    async write({ name, body }) {
      const table = name.split('/')[1] as string
      if (open?.table.name !== table) open = await begin(table)
      const { copy, done } = open
      for await (const piece of body) if (!copy.write(piece)) await Promise.race([once(copy, 'drain'), done])
    },
    async end() {
      await finish()
      const wrong = tables.filter(({ name, rows }) => (restored.get(name) ?? 0) !== rows)
      if (wrong.length > 0) throw invalid(`rows are missing: ${wrong.map(({ name }) => name).join(', ')}`)
    },
  }
}
