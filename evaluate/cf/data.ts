// MovieLens in three published splits: which user liked which item, in what the models are fitted on and what they are tested on.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readGzipLines } from '../measure/gzip-lines.ts'

/** By user: the items, ascending. */
export type Likes = number[][]

export interface Split {
  /** As the protocols name it. */
  name: string
  fit: Likes
  /** The same, the newest first; not of sets that have no times. */
  newestFirst?: Likes
  /** What is not ranked, as the user is known to like it. */
  mask: Likes
  test: Likes
  items: number
  /** Users without a test item count as 0. */
  countsAllUsers: boolean
}

const likesOf = (users: number): Likes => Array.from({ length: users }, () => [])
const merged = (a: Likes, b: Likes): Likes => a.map((items, user) => [...items, ...(b[user] ?? [])].toSorted((x, y) => x - y))

/** C1: of each user the last item is the test, and all others are fitted on. Every rating is a like. */
export async function readMl100k(file: string): Promise<Split> {
  const [users, items] = [943, 1682]
  const ratings: [at: number, item: number][][] = Array.from({ length: users }, () => [])
  await readGzipLines(file, line => {
    const [user, item, , at] = line.split('\t').map(Number) as [number, number, number, number]
    ratings[user - 1]?.push([at, item - 1])
  })
  const sorted = ratings.map(own => own.toSorted(([a, i], [b, j]) => a - b || i - j).map(([, item]) => item))
  const newestFirst = sorted.map(own => own.slice(0, -1).toReversed())
  const fit = newestFirst.map(own => own.toSorted((a, b) => a - b))
  return { name: 'C1', fit, newestFirst, mask: fit, test: sorted.map(own => own.slice(-1)), items, countsAllUsers: false }
}

/** C2 as the paper's code has it: what is known from validation is not ranked, and every user counts. */
export async function readDiffRec(folder: string): Promise<Split> {
  const [users, items] = [5949, 2810]
  const read = async (name: string) => {
    const likes = likesOf(users)
    await readGzipLines(join(folder, `${name}.tsv.gz`), line => {
      const [user, item] = line.split('\t').map(Number) as [number, number]
      likes[user]?.push(item)
    })
    return likes
  }
  const [fit, validation] = [await read('train'), await read('valid')]
  if (!existsSync(join(folder, 'test.tsv.gz'))) return { name: 'C2-dev', fit, mask: fit, test: validation, items, countsAllUsers: false }
  return { name: 'C2', fit, mask: merged(fit, validation), test: await read('test'), items, countsAllUsers: true }
}

/** C3 as the paper's code has it: only what was fitted on is not ranked. */
export async function readLightGcn(folder: string): Promise<Split> {
  const [users, items] = [6040, 3628]
  const read = async (name: string) => {
    const likes = likesOf(users)
    await readGzipLines(join(folder, `${name}.txt.gz`), line => {
      const [user, ...own] = line.trim().split(/\s+/).map(Number) as [number, ...number[]]
      likes[user]?.push(...own)
    })
    return likes
  }
  const fit = await read('train')
  const hasTest = existsSync(join(folder, 'test.txt.gz'))
  return { name: hasTest ? 'C3' : 'C3-dev', fit, mask: fit, test: await read(hasTest ? 'test' : 'valid'), items, countsAllUsers: false }
}
