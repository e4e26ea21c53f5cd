// Reads what a bot answers: a stream of events with pieces of text, or one JSON object. It may be anything, of any size.

/** Ten times what is asked for, with the JSON around it. */
const BYTES_MAX = 256 * 1024
const TEXT_MAX = 4_000

interface Completion {
  choices?: { delta?: { content?: unknown }; message?: { content?: unknown } }[]
}

/** Throws if there is no text in it, or too much. */
export async function readBotAnswer(response: Response, onText?: (piece: string) => void): Promise<string> {
  if (!response.ok) throw new Error(`the bot answered with ${response.status}`)
  const isStream = /^text\/event-stream\b/.test(response.headers.get('content-type') ?? '')
  const text = (isStream ? await readEvents(response, onText) : textOf(JSON.parse(await readAll(response)))).trim()
  if (text === '' || text.length > TEXT_MAX) throw new Error(`the bot answered with ${text.length} characters`)
  return text
}

async function readEvents(response: Response, onText?: (piece: string) => void): Promise<string> {
  let text = ''
  let line = ''
  for await (const chunk of piecesOf(response)) {
    const lines = `${line}${chunk}`.split(/\r?\n/)
    line = lines.pop() ?? ''
    const data = lines.flatMap(each => /^data: ?(.*)$/.exec(each)?.[1] ?? [])
    const end = data.indexOf('[DONE]')
    // What arrives together is passed on together: a bot may send each letter by itself.
    const piece = (end < 0 ? data : data.slice(0, end)).map(each => textOf(JSON.parse(each))).join('')
    text += piece
    if (text.length > TEXT_MAX) throw new Error('the bot answers with too much text')
    if (piece !== '') onText?.(piece)
    if (end >= 0) break
  }
  return text
}

async function readAll(response: Response): Promise<string> {
  let text = ''
  for await (const piece of piecesOf(response)) text += piece
  return text
}

async function* piecesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > BYTES_MAX) throw new Error('the bot answers with too many bytes')
    yield decoder.decode(chunk, { stream: true })
  }
}

/** Without control characters: the text goes to browsers of any kind. */
function textOf(completion: Completion | null): string {
  const choice = completion?.choices?.[0]
  const content = choice?.delta?.content ?? choice?.message?.content
  return typeof content === 'string' ? content.toWellFormed().replace(/[\p{Cc}--[\n\t]]/gv, '') : ''
}
