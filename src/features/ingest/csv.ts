// Reads CSV record by record: lines are joined until their quotes are closed, then csv-parse parses the record. So the size
// of a record is bounded, and a stray quote spoils its own line instead of all that follow.

import { parse } from 'csv-parse/sync'
import { invalid } from '../../base/problem.ts'
import { decodeUtf8, isBlank, LINE_MAX_BYTES, type Line, type RawLine } from './raw-lines.ts'

const QUOTE = 34
const NEWLINE = Buffer.from('\n')
const LINE_ENDS = ['\r\n', '\n'] // given, because csv-parse's detection costs more than the rest of the parsing

/** Yields objects with the column names of the first line, of which `column` must be one. An empty field is left undefined. */
export async function* readCsv(lines: AsyncIterable<RawLine>, column: string): AsyncGenerator<Line> {
  let header: string[] | undefined
  for await (const record of readRecords(lines)) {
    if ('reason' in record) {
      if (!header) throw invalid(`the first line, which names the columns, ${record.reason}`)
      yield record
    } else if (!header) {
      header = record.fields.map(name => name.trim().toLowerCase())
      if (!header.includes(column)) throw invalid(`the first line of a CSV names the columns, and none of them is ${column}`)
    } else if (record.fields.length !== header.length) {
      yield { line: record.line, reason: `has ${record.fields.length} fields instead of ${header.length}` }
    } else {
      yield { line: record.line, value: Object.fromEntries(header.map((name, i) => [name, record.fields[i] || undefined])) }
    }
  }
}

type CsvRecord = { line: number; fields: string[] } | { line: number; reason: string }

async function* readRecords(lines: AsyncIterable<RawLine>): AsyncGenerator<CsvRecord> {
  /** Lines of a record whose quotes are not closed yet. */
  let pending: RawLine[] = []
  let bytes = 0
  let closed = true
  for await (const raw of lines) {
    if (closed && isBlank(raw)) continue
    pending.push(raw)
    bytes += raw.bytes?.length ?? 0
    if (togglesQuotes(raw)) closed = !closed
    if (!closed && raw.bytes && bytes <= LINE_MAX_BYTES) continue
    pending = yield* splitRecords(pending, false)
    bytes = pending.reduce((sum, line) => sum + (line.bytes?.length ?? 0), 0)
    closed = pending.length === 0
  }
  yield* splitRecords(pending, true)
}

/**
 * Yields the complete records in `lines`, and returns the lines of the incomplete record at the end. `isLast` says that no
 * more lines will come. If lines form no valid record, the first one is refused and the others are read again on their own.
 * No line is read a third time: it is then a record by itself, or starts one that the next line with a stray quote closes.
 */
function* splitRecords(lines: RawLine[], isLast: boolean): Generator<CsvRecord, RawLine[]> {
  let from = 0
  while (from < lines.length) {
    const first = lines[from] as RawLine
    const end = findRecordEnd(lines, from)
    if (end === 'unclosed' && !isLast) break
    const record = typeof end === 'number' ? parseRecord(lines.slice(from, end)) : refuseRecord(first, 'opens a quote that is never closed')
    if (!isBlank(first)) yield record
    from = typeof end === 'number' && 'fields' in record ? end : from + 1
  }
  return lines.slice(from)
}

/** The index after the line that closes all quotes; `never` if they are not closed within the size limit of a record. */
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

/** If the line itself cannot be read, that is the reason given. */
function refuseRecord({ line, bytes }: RawLine, reason: string): CsvRecord {
  const text = decodeUtf8(bytes)
  return { line, reason: typeof text === 'string' ? reason : text.reason }
}

/** Whether the line has an odd number of quotes, and so opens or closes a quoted field. */
function togglesQuotes({ bytes }: RawLine): boolean {
  let quotes = 0
  if (bytes) for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) quotes++
  return quotes % 2 === 1
}
