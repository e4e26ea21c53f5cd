// The pushes of the contract, which existing clients know. Ids are text: several of these clients parse JSON without big numbers.

import type { ReaderId } from '../../base/id.ts'

export interface Actor {
  id: ReaderId
  name: string
  photo: string
}

export interface PushedArticle {
  id: bigint
  title: string
}

export interface ContractPush {
  event: 'following notify' | 'liking notify' | 'comment notify'
  payload: Record<string, string | number>
}

/** `at` in milliseconds since 1970. */
export function toFollowingPush(actor: Actor, at: number): ContractPush {
  return { event: 'following notify', payload: byActor(actor, at) }
}

export function toArticlePush(event: 'liking notify' | 'comment notify', actor: Actor, article: PushedArticle, at: number): ContractPush {
  return { event, payload: { ...byActor(actor, at), art_id: article.id.toString(), art_title: article.title } }
}

const byActor = ({ id, name, photo }: Actor, at: number) => ({
  user_id: id.toString(),
  user_name: name,
  user_photo: photo,
  timestamp: Math.floor(at / 1_000),
})
