// A small server that stands in for the SMS provider behind SMS_URL.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cleanup } from './cleanup.ts'

export interface SmsProvider {
  url: string
  /** Every code it was asked to send, in order. */
  sent: { mobile: string; code: string }[]
  /** Whether it accepts messages. */
  works: boolean
  /** The last code sent to a number. */
  codeOf(mobile: string): string
}

export async function startSmsProvider(): Promise<SmsProvider> {
  const sent: SmsProvider['sent'] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    sent.push(JSON.parse(text))
    response.writeHead(provider.works ? 200 : 500).end()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  cleanup(async () => void server.close())
  const provider: SmsProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`,
    sent,
    works: true,
    codeOf(mobile) {
      const message = sent.findLast(each => each.mobile === mobile)
      if (!message) throw new Error(`no code was sent to ${mobile}`)
      return message.code
    },
  }
  return provider
}
