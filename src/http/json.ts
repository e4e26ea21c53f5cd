// The JSON of requests: decoded, bounded and parsed with exact ids (base/json.ts).

import { parseJson } from '../base/json.ts'
import { invalid, Problem } from '../base/problem.ts'

/** No body of the contract is nested more than five levels. */
const DEPTH_MAX = 64
/** The largest body, a hundred exposures of a hundred articles each, has fewer. Reviving so many takes some 15 ms. */
const VALUES_MAX = 12_000

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a body, which JSON writes in UTF-8 (RFC 8259 §8.1). A byte order mark at its beginning is ignored. */
export function decodeBody(bytes: Buffer, contentType = ''): string {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1] ?? 'utf-8'
  if (!/^(utf-?8|us-ascii)$/i.test(charset)) throw new Problem('unsupported', 'The request body must be written in UTF-8.')
  try {
    return utf8.decode(bytes)
  } catch {
    throw invalid('The request body is not valid UTF-8.')
  }
}

/** Parses a request body. */
export function parseBody(text: string): unknown {
  assertBounded(text)
  try {
    return parseJson(text)
  } catch (err) {
    throw isProblem(err) ? err : invalid('The request body is not valid JSON.')
  }
}

/** Serialises a value without a schema; ids become JSON numbers. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? JSON.rawJSON(part.toString()) : part))
}

/** Counts brackets and commas outside of strings, before anything is built. Text that is not JSON is left to the parser. */
function assertBounded(text: string): void {
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
    } else if (code === COMMA) {
      values++
    } else if (code === BRACKET || code === BRACE) {
      values++
      if (++depth > DEPTH_MAX) throw invalid(`The request body is nested more than ${DEPTH_MAX} levels deep.`)
    } else if (code === BRACKET_END || code === BRACE_END) {
      depth--
    }
    if (values > VALUES_MAX) throw invalid(`The request body has more than ${VALUES_MAX} values.`)
  }
}

const [QUOTE, COMMA, BRACKET, BRACKET_END, BRACE, BRACE_END, BACKSLASH] = [...'",[]{}\\'].map(sign => sign.charCodeAt(0)) as number[]

/** The index of the quote that ends the string. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

function isProblem(err: unknown): err is Problem {
  return err instanceof Error && err.name === 'Problem'
}
