import { cars } from './cars.ts'
import { culture } from './culture.ts'
import { education } from './education.ts'
import { entertainment } from './entertainment.ts'
import { finance } from './finance.ts'
import { food } from './food.ts'
import { health } from './health.ts'
import { heritage } from './heritage.ts'
import { science } from './science.ts'
import { sports } from './sports.ts'
import { technology } from './technology.ts'
import type { Topic } from './topic.ts'
import { travel } from './travel.ts'
import { world } from './world.ts'

/** In the order in which channels are listed. The index of a topic identifies it within the demo. */
export const TOPICS: readonly Topic[] = [
  technology,
  finance,
  sports,
  entertainment,
  food,
  travel,
  health,
  cars,
  education,
  heritage,
  world,
  science,
  culture,
]
