// Makes the demo world in memory from a seed and a moment. The same two always give the same world, byte for byte.
// seed.sql.ts writes it to the database.

import { makeArticles } from './articles.ts'
import { makeComments } from './comments.ts'
import { FEATURED } from './content/featured.ts'
import { CHANNELS } from './content/topics.ts'
import type { World } from './model.ts'
import { createPastIds } from './past-ids.ts'
import { makePeople } from './people.ts'
import { simulateVisits } from './visits.ts'

export function makeWorld({ seed, now }: { seed: number; now: number }): World {
  const idAt = createPastIds()
  const people = makePeople({ seed, now, idAt })
  const articles = makeArticles({ seed, now, idAt, people })
  const { behaviours, pages, followings } = simulateVisits({ seed, now, idAt, people, articles })
  const { comments, likings } = makeComments({ seed, now, idAt, people, articles, behaviours })
  return {
    channels: [...CHANNELS],
    people,
    articles,
    pinned: FEATURED.flatMap(({ title }) => articles.filter(one => one.title === title).map(one => one.id)),
    behaviours,
    pages,
    followings,
    comments,
    likings,
  }
}
