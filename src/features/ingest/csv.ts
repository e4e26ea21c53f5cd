// CSV, one record at a time: physical lines are put together until their quotes are closed, then csv-parse takes the
// record apart. So a record is bounded, and a stray quote costs its own line instead of all that follow it.

import { parse } from 'csv-parse/sync'
import { invalid } from '../../base/problem.ts'
import { decodeUtf8, isBlank, LINE_MAX_BYTES, type Line, type RawLine } from './raw-lines.ts'

const QUOTE = 34
const NEWLINE = Buffer.from('\n')
const LINE_ENDS = ['\r\n', '\n'] // given, as finding them out costs more than all the rest

/** Yields objects by the names of the first line. An empty field is one that was not given. */
export async function* readCsv(lines: AsyncIterable<RawLine>): AsyncGenerator<Line> {
  let header: string[] | undefined
  for await (const record of readRecords(lines)) {
    if ('reason' in record) {
      if (!header) throw invalid(`the first line, which names the columns, ${record.reason}`)
      yield record
    } else if (!header) {
      header = record.fields.map(name => name.trim().toLowerCase())
      if (!header.includes('title')) throw invalid('the first line of a CSV names the columns, and none of them is title')
    } else if (record.fields.length !== header.length) {
      yield { line: record.line, reason: `has ${record.fields.length} fields instead of ${header.length}` }
    } else {
      yield { line: record.line, value: Object.fromEntries(header.map((name, i) => [name, record.fields[i] || undefined])) }
    }
  }
}

type CsvRecord = { line: number; fields: string[] } | { line: number; reason: string }

async function* readRecords(lines: AsyncIterable<RawLine>): AsyncGenerator<CsvRecord> {
  /** The lines of a record whose quotes are not closed yet. */
  let open: RawLine[] = []
  let bytes = 0
  let closed = true
  for await (const raw of lines) {
    if (closed && isBlank(raw)) continue
    open.push(raw)
    bytes += raw.bytes?.length ?? 0
    if (togglesQuotes(raw)) closed = !closed
    if (!closed && raw.bytes && bytes <= LINE_MAX_BYTES) continue
    open = yield* splitRecords(open, false)
    bytes = open.reduce((sum, line) => sum + (line.bytes?.length ?? 0), 0)
    closed = open.length === 0
  }
  yield* splitRecords(open, true)
}

/**
 * Reads records, up to one that more lines may close, and returns the lines of that; `isLast` if there are no more.
 * What turns out to be no record costs its first line, and the others are read for themselves. So nothing is read a
 * third time: such a line is a record by itself, or opens one that the next line with a stray quote closes.
 */
function* splitRecords(lines: RawLine[], isLast: boolean): Generator<CsvRecord, RawLine[]> {
  let from = 0
  while (from < lines.length) {
    const first = lines[from] as RawLine
    const end = findRecordEnd(lines, from)
    if (end === 'unclosed' && !isLast) break
    const read = typeof end === 'number' ? parseRecord(lines.slice(from, end)) : refuseRecord(first, 'opens a quote that is never closed')
    if (!isBlank(first)) yield read
    from = typeof end === 'number' && 'fields' in read ? end : from + 1
  }
  return lines.slice(from)
}

/** The index after the line that closes all quotes; `never` when they are not closed within what a record may hold. */
function findRecordEnd(lines: RawLine[], from: number): number | 'unclosed' | 'never' {
  let bytes = 0
  let closed = true
  for (let at = from; at < lines.length; at++) {
    const raw = lines[at] as RawLine
    if (!raw.bytes && at > from) return 'never'
    bytes += raw.bytes?.length ?? 0
    if (togglesQuotes(raw)) closed = !closed
    if (closed) return at + 1
    if (bytes > LINE_MAX_BYTES) return 'never'
  }
  return 'unclosed'
}

function parseRecord(record: RawLine[]): CsvRecord {
  const first = record[0] as RawLine
  if (!first.bytes) return refuseRecord(first, '')
  const text = decodeUtf8(Buffer.concat(record.flatMap(({ bytes }) => [bytes as Buffer, NEWLINE])))
  if (typeof text !== 'string') return { line: first.line, ...text }
  try {
    const [fields] = parse(text, { relax_column_count: true, record_delimiter: LINE_ENDS }) as string[][]
    return { line: first.line, fields: fields ?? [] }
  } catch {
    return refuseRecord(first, 'is not CSV: a quote stands inside a field')
  }
}

/** What is wrong with the line itself comes before what is wrong with the record. */
function refuseRecord({ line, bytes }: RawLine, reason: string): CsvRecord {
  const text = decodeUtf8(bytes)
  return { line, reason: typeof text === 'string' ? reason : text.reason }
}

/** Whether what was inside of quotes before this line is outside after it, and the other way round. */
function togglesQuotes({ bytes }: RawLine): boolean {
  let quotes = 0
  if (bytes) for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) quotes++
  return quotes % 2 === 1
}
