// The contract's test push: shows a developer of a client what a push looks like.

import { Type } from 'typebox'
import type { Clock } from '../../base/clock.ts'
import type { ReaderId } from '../../base/id.ts'
import { notFound } from '../../base/problem.ts'
import type { Routes } from '../../http/routes.ts'
import { Text } from '../../http/wire.ts'
import { type ContractPush, toArticlePush, toFollowingPush } from './contract-pushes.ts'

export interface PushTestNeeds {
  push: (readerId: ReaderId, event: string, payload: object) => Promise<void>
  photoUrl: (id: ReaderId) => string
  clock: Clock
}

const Params = Type.Object({ event: Text(1, 20) })
const Response = Type.Object({ message: Type.Literal('OK') })
/** Without a token, the contract's receiver, which is no id of ours. */
const READER_ONE = 1n as ReaderId

export const pushTestRoutes =
  ({ push, photoUrl, clock }: PushTestNeeds): Routes =>
  async server => {
    server.get(
      '/imtest/:event',
      { config: { access: 'open' }, schema: { params: Params, response: { 200: Response } } },
      async ({ params: { event: letter }, viewer }) => {
        const receiver = viewer.kind === 'reader' ? viewer.id : READER_ONE
        const actor = { id: receiver, name: 'Broadsheet', photo: photoUrl(receiver) }
        const article = { id: 1n, title: 'A test' }
        const make: Record<string, () => ContractPush> = {
          f: () => toFollowingPush(actor, clock()),
          l: () => toArticlePush('liking notify', actor, article, clock()),
          c: () => toArticlePush('comment notify', actor, article, clock()),
        }
        if (!Object.hasOwn(make, letter)) throw notFound('There is no such event.')
        const { event, payload } = (make[letter] as () => ContractPush)()
        await push(receiver, event, payload)
        return { message: 'OK' as const }
      },
    )
  }
