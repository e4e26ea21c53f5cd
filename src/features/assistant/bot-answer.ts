// Reads what a bot answers: a stream of events with pieces of text, or one JSON object. It may be anything, of any size.

import { withoutControls } from '../../base/text.ts'

/** Ten times what is asked for, with the JSON around it. */
const BYTES_MAX = 256 * 1024
const TEXT_MAX = 4_000

interface Completion {
  choices?: { delta?: { content?: unknown }; message?: { content?: unknown }; finish_reason?: unknown }[]
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
  let isFinished = false
  for await (const data of eventsOf(response)) {
    const end = data.indexOf('[DONE]')
    const events = (end < 0 ? data : data.slice(0, end)).map(each => JSON.parse(each) as Completion | null)
    // What arrives together is passed on together: a bot may send each letter by itself.
    const piece = events.map(textOf).join('')
    text += piece
    if (text.length > TEXT_MAX) throw new Error('the bot answers with too much text')
    if (piece !== '') onText?.(piece)
    isFinished ||= end >= 0 || events.some(event => typeof event?.choices?.[0]?.finish_reason === 'string')
    if (end >= 0) break
  }
  // Without `[DONE]` or a `finish_reason` the connection was cut, and half an answer is none.
  if (!isFinished) throw new Error('the bot ended in the middle of its answer')
  return text
}

/** The data of the events that arrive together. The last line may have no end. */
async function* eventsOf(response: Response): AsyncGenerator<string[]> {
  const dataOf = (lines: string[]) => lines.flatMap(each => /^data: ?(.*)$/.exec(each)?.[1] ?? [])
  let line = ''
  for await (const chunk of piecesOf(response)) {
    const lines = `${line}${chunk}`.split(/\r?\n/)
    line = lines.pop() ?? ''
    yield dataOf(lines)
  }
  yield dataOf([line])
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

/** The text goes to browsers of any kind. */
function textOf(completion: Completion | null): string {
  const choice = completion?.choices?.[0]
  const content = choice?.delta?.content ?? choice?.message?.content
  return typeof content === 'string' ? withoutControls(content.toWellFormed()) : ''
}
