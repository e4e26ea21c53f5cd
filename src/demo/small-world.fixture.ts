// The last days of the demo world: rows of every kind, an eighth as many.

import type { CommentId } from '../base/id.ts'
import type { World } from './model.ts'
import { makeWorld } from './world.ts'

const BEHAVIOURS = 5_000

const made = new Map<string, World>()

export function makeSmallWorld({ seed, now }: { seed: number; now: number }): World {
  const known = made.get(`${seed} ${now}`)
  if (known) return known
  const world = makeWorld({ seed, now })
  const behaviours = world.behaviours.slice(-BEHAVIOURS)
  const from = behaviours[0]?.at ?? now
  const kept = new Set<CommentId>()
  for (const { id, parentId, at } of world.comments) if (at >= from && (!parentId || kept.has(parentId))) kept.add(id)
  const small = {
    ...world,
    behaviours,
    pages: world.pages.filter(one => one.at >= from),
    comments: world.comments.filter(one => kept.has(one.id)),
    likings: world.likings.filter(one => kept.has(one.to)),
    followings: world.followings.filter(one => one.at >= from),
  }
  made.set(`${seed} ${now}`, small)
  return small
}
