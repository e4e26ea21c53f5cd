// What the history keeps of a run's result: short, and valid for PostgreSQL whatever the job returned or threw.

/** One screen. A history of a thousand runs per job stays small. */
const REPORT_MAX = 4_000
const MESSAGE_MAX = 500

/** The JSON of what a job returned. A value that is too long, or not JSON, is replaced by a note that says so. */
export function toReport(returned: unknown): string | null {
  if (returned === undefined || returned === null) return null
  try {
    const json = JSON.stringify(returned, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))
    if (json === undefined) return null
    // PostgreSQL's JSON accepts neither NUL nor a lone surrogate, which JSON may contain as escapes.
    const clean = json.replace(/\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, '').toWellFormed()
    if (clean.length <= REPORT_MAX) return JSON.stringify(JSON.parse(clean))
    return JSON.stringify({ cut: true, length: json.length, begins: cutText(json, MESSAGE_MAX) })
  } catch {
    return JSON.stringify({ cut: true, begins: 'what the job returned is not JSON' })
  }
}

export function toMessage(thrown: unknown): string {
  try {
    return cutText(thrown instanceof Error ? thrown.message || thrown.name : String(thrown), MESSAGE_MAX)
  } catch {
    return 'the thrown value has no text'
  }
}

function cutText(text: string, max: number): string {
  const cut = text.slice(0, max).replaceAll('\0', '').toWellFormed()
  return text.length > max ? `${cut}…` : cut
}
