// Opens a file of articles or behaviours, JSON Lines or CSV, gzipped or not, and reads it line by line. Only one line and one chunk are in
// memory at a time.

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parseJson } from '../../base/json.ts'
import { invalid, notFound, Problem } from '../../base/problem.ts'
import { readCsv } from './csv.ts'
import { decodeUtf8, isBlank, type Line, type RawLine, splitLines } from './raw-lines.ts'

const CHUNK_BYTES = 256 * 1024 // with larger chunks, reading is no faster

export interface ArticleFile {
  bytesTotal: number
  /** Bytes that the newest pass has read from the disk. */
  bytesRead(): number
  /** Counts the lines in a pass over the whole file, which also detects a damaged file before it is imported. */
  count(): Promise<number>
  /** Skips blank lines. A line that cannot be parsed has a reason. Throws if the file is truncated or damaged. */
  read(): AsyncIterable<Line>
}

/** A CSV without the column `column` is refused: its first line is no header, or it holds something else. */
export async function openArticleFile(path: string, column = 'title'): Promise<ArticleFile> {
  const { size, head } = await inspectFile(path)
  const gzipped = head[0] === 0x1f && head[1] === 0x8b
  let file: ReturnType<typeof createReadStream> | undefined

  let startedAt = 0
  const openAt = (start: number) => {
    startedAt = start
    file = createReadStream(path, { highWaterMark: CHUNK_BYTES, start })
    return file
  }

  /** Node stops at zeros between the members of an archive, which tapes and block devices leave there. Others must not be lost. */
  async function* unzipped(): AsyncGenerator<Buffer> {
    for (let at = 0; at < size; ) {
      const unzip = createGunzip({ chunkSize: CHUNK_BYTES })
      const source = openAt(at)
      yield* pipeline(source, unzip, () => {}) // errors also reach this iteration
      source.destroy()
      at = await skipZeros(path, at + unzip.bytesWritten)
    }
  }

  async function* lines(): AsyncGenerator<RawLine> {
    let last = 0
    try {
      for await (const line of splitLines(gzipped ? unzipped() : openAt(0))) {
        last = line.line
        yield line
      }
    } catch (err) {
      if (err instanceof Problem || !isStreamError(err)) throw err
      throw invalid(`${path} breaks off after line ${last}: ${err.message}`)
    }
  }

  const format = guessFormatByName(path) ?? (await guessFormatByContent(lines()))
  return {
    bytesTotal: size,
    bytesRead: () => startedAt + (file?.bytesRead ?? 0),
    async count() {
      let count = 0
      for await (const _line of format === 'csv' ? readCsv(lines(), column) : skipBlank(lines())) count++
      return count
    },
    read: () => (format === 'csv' ? readCsv(lines(), column) : readJson(lines())),
  }
}

async function inspectFile(path: string): Promise<{ size: number; head: Buffer }> {
  try {
    await using file = await open(path)
    const stat = await file.stat()
    if (stat.isDirectory()) throw invalid(`${path} is a folder, not a file`)
    // A pipe cannot be read twice, as an import does.
    if (!stat.isFile()) throw invalid(`${path} is not a regular file: save it to one first`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    const head = buffer.subarray(0, bytesRead)
    if (head.toString('latin1') === 'PK\x03\x04') throw invalid(`${path} is a zip archive: unpack it first`)
    if (head[0] === 0xff || head[0] === 0xfe) throw invalid(`${path} is not UTF-8: save it as UTF-8 first`)
    return { size: stat.size, head }
  } catch (err) {
    if (!isStreamError(err)) throw err
    if (err.code === 'ENOENT') throw notFound(`there is no file ${path}`)
    throw invalid(`${path} cannot be read: ${err.message}`)
  }
}

/** The place of the first byte that is not zero, or the end. */
async function skipZeros(path: string, from: number): Promise<number> {
  let at = from
  for await (const chunk of createReadStream(path, { start: from }) as AsyncIterable<Buffer>) {
    const found = chunk.findIndex(byte => byte !== 0)
    if (found >= 0) return at + found
    at += chunk.length
  }
  return at
}

function isStreamError(err: unknown): err is NodeJS.ErrnoException {
  return err instanceof Error && 'code' in err
}

function guessFormatByName(path: string): 'json' | 'csv' | undefined {
  const name = path.toLowerCase().replace(/\.gz(ip)?$/, '')
  if (name.endsWith('.csv')) return 'csv'
  return /\.(jsonl|ndjson)$/.test(name) ? 'json' : undefined
}

async function guessFormatByContent(lines: AsyncIterable<RawLine>): Promise<'json' | 'csv'> {
  for await (const { bytes } of skipBlank(lines)) {
    const start = (bytes ?? Buffer.alloc(0)).toString('latin1').trimStart()[0]
    if (start === '[') throw invalid('this is one JSON array: make it one object a line, for instance with jq -c ".[]"')
    return start === '{' ? 'json' : 'csv'
  }
  return 'json'
}

async function* skipBlank(lines: AsyncIterable<RawLine>): AsyncGenerator<RawLine> {
  for await (const raw of lines) if (!isBlank(raw)) yield raw
}

async function* readJson(lines: AsyncIterable<RawLine>): AsyncGenerator<Line> {
  for await (const { line, bytes } of skipBlank(lines)) {
    const text = decodeUtf8(bytes)
    if (typeof text !== 'string') {
      yield { line, ...text }
      continue
    }
    try {
      yield { line, value: parseJson(text) }
    } catch {
      yield { line, reason: 'is not JSON' }
    }
  }
}
