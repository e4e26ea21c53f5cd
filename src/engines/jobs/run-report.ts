// What a run leaves in the history, whatever it returned or threw: small, and something PostgreSQL can hold.

/** A screenful; a history of a thousand runs of each job stays small beside what the jobs are about. */
const REPORT_MAX = 4_000
const MESSAGE_MAX = 500

/** JSON of what a job returned; what is too long, or no JSON, is replaced by a note that says so. */
export function toReport(returned: unknown): string | null {
  if (returned === undefined || returned === null) return null
  try {
    const text = JSON.stringify(returned, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))
    if (text === undefined) return null
    // The database's JSON takes no NUL and no half of a surrogate pair, and both may be written as escapes.
    const clean = text.replace(/\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, '').toWellFormed()
    if (clean.length <= REPORT_MAX) return JSON.stringify(JSON.parse(clean))
    return JSON.stringify({ cut: true, length: text.length, begins: tidy(text, MESSAGE_MAX) })
  } catch {
    return JSON.stringify({ cut: true, begins: 'what the job returned is not JSON' })
  }
}

export function toMessage(thrown: unknown): string {
  try {
    return tidy(thrown instanceof Error ? thrown.message || thrown.name : String(thrown), MESSAGE_MAX)
  } catch {
    return 'threw something that cannot be told'
  }
}

function tidy(text: string, most: number): string {
  const cut = text.slice(0, most).replaceAll('\0', '').toWellFormed()
  return text.length > most ? `${cut}…` : cut
}
