// The chat pages of public clients: questions get answers with the addresses of articles, and these open.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { openBrowserPage } from '../browser/browser.ts'
import type { Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { PHONE, testClient } from './client-build.ts'

const TITLES = ['景德镇窑火第一夜', '新芯片发布']

async function publishTitles(product: Product): Promise<void> {
  const channel = await product.createChannel('科技')
  await product.publish(TITLES.map(title => ({ channel, title })))
  await eventually(
    async () => (await product.request('GET', `/v1_0/search?q=${encodeURIComponent('芯片')}`)).body.data.total_count,
    count => count === 1,
  )
}

/** Asks, waits for an answer with `expected`, and returns it. `messages` selects what the page shows. */
async function ask(page: Page, messages: string, send: (question: string) => Promise<void>, question: string, expected: string) {
  await send(question)
  const answer = page.locator(messages, { hasText: expected }).last()
  await answer.waitFor()
  return (await answer.textContent()) ?? ''
}

const QUESTIONS = [
  ['你好', '新闻助手'],
  ['有什么科技新闻', TITLES[0] as string],
  ['关于芯片的文章', '关于“芯片”的文章'],
] as const

testClient(
  'toutiao-m',
  'toutiao-m chats over polling and WebSocket, and an article from an answer opens in it',
  async (product, t) => {
    await publishTitles(product)
    const page = await openBrowserPage(t, product.url, PHONE)
    const polls: string[] = []
    page.on('request', request => void (request.url().includes('EIO=3&transport=polling') && polls.push(request.url())))
    // As the page is after a sign-in: it reads the id of its reader.
    const alice = await product.signIn('alice')
    const tokens = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
    await page.addInitScript(`localStorage.setItem('user', ${JSON.stringify(tokens)})`)
    await page.goto('/#/user/chat')
    const send = async (question: string) => {
      await page.locator('.send-message input').fill(question)
      await page.getByRole('button', { name: '发送' }).click()
    }
    let answer = ''
    for (const [question, expected] of QUESTIONS) answer = await ask(page, '.message-item .title', send, question, expected)
    assert.ok(polls.length > 0)
    await page.goto(/http:\S+/.exec(answer)?.[0] ?? '')
    await page
      .getByText(TITLES[1] as string)
      .first()
      .waitFor()
    assert.match(page.url(), /#\/article\/\d+$/)
  },
  { ARTICLE_PATH: '/#/article/{id}' },
)

testClient(
  'geek-h5',
  'geek-h5 chats over WebSocket with the token that it sends, and an article from an answer opens in it',
  async (product, t) => {
    await publishTitles(product)
    const page = await openBrowserPage(t, product.url, PHONE)
    const sockets: string[] = []
    page.on('websocket', socket => void sockets.push(decodeURIComponent(socket.url())))
    const alice = await product.signIn('alice')
    const tokens = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
    await page.addInitScript(`localStorage.setItem('geek-h5-token', ${JSON.stringify(tokens)})`)
    await page.goto('/chat')
    const box = page.getByPlaceholder('请描述您的问题')
    const send = async (question: string) => {
      await box.fill(question)
      await box.press('Enter')
    }
    let answer = ''
    for (const [question, expected] of QUESTIONS) answer = await ask(page, '.chat-item:not(.user) .message', send, question, expected)
    assert.match(sockets.join(), /token=\[object Object\]&EIO=4&transport=websocket/)
    await page.goto(/http:\S+/.exec(answer)?.[0] ?? '')
    await page.locator('h1', { hasText: TITLES[1] as string }).waitFor()
  },
)
