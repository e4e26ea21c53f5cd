// `node evaluate/assistant/ask.ts URL [MOBILE]`: asks the assistant of a running demo the questions of questions.tsv, and prints what
// it answers beside how that was judged (README.md). With a mobile number it asks as that reader.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { io } from 'socket.io-client'

const [url = 'http://127.0.0.1:8000', mobile] = process.argv.slice(2)

async function call<Data>(method: string, path: string, body?: object): Promise<Data> {
  const answer = await fetch(`${url}${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return ((await answer.json()) as { data: Data }).data
}

/** The author of the newest article whose title is in the language. */
async function findAuthor(language: string): Promise<string> {
  const { results } = await call<{ results: { title: string; aut_name: string }[] }>('GET', '/v1_0/articles?channel_id=0&timestamp=1')
  const isChinese = (text: string) => /[\u3400-\u9fff]/.test(text)
  for (const { title, aut_name } of results) if (isChinese(title) === (language === 'zh')) return aut_name
  throw new Error(`no article in ${language} on the first page: ask again`)
}

const token = mobile && (await call<{ token: string }>('POST', '/v1_0/authorizations', { mobile, code: '246810' })).token
const authors = { '%zh-author%': await findAuthor('zh'), '%en-author%': await findAuthor('en') }
const socket = io(url, { query: token ? { token } : {} })
const counts: Record<string, { questions: number; useful: number }> = {}
const [, ...lines] = readFileSync(join(import.meta.dirname, 'questions.tsv'), 'utf8')
  .trim()
  .split('\n')
for (const [i, line] of lines.entries()) {
  const [, kind = '', template = '', useful, whyNot = ''] = line.split('\t')
  const question = template.replace(/%\w\w-author%/, slot => authors[slot as keyof typeof authors])
  const { promise, resolve } = Promise.withResolvers<{ text: string; articles: { title: string }[] }>()
  socket.once('message', resolve)
  socket.emit('message', { msg: question, stream: true })
  const { text, articles } = await promise
  process.stdout.write(
    `${i + 1}. [${kind}] ${question}\n   ${text.replaceAll('\n', '\n   ')}\n${articles.map(({ title }) => `   - ${title}\n`).join('')}` +
      `   ${useful === 'yes' ? 'useful' : `not useful: ${whyNot}`}\n\n`,
  )
  for (const name of [kind, 'together']) {
    const count = (counts[name] ??= { questions: 0, useful: 0 })
    count.questions++
    if (useful === 'yes') count.useful++
  }
  await new Promise(done => setTimeout(done, 2_100)) // the assistant answers thirty questions a minute
}
socket.close()
const { together, ...kinds } = counts
for (const [kind, { questions, useful }] of Object.entries({ ...kinds, together: together ?? { questions: 0, useful: 0 } }))
  process.stdout.write(`${kind}: ${useful} of ${questions} useful\n`)
