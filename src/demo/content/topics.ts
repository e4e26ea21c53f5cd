import { cars } from './cars.ts'
import { culture } from './culture.ts'
import { education } from './education.ts'
import { carsEn } from './en/cars.ts'
import { educationEn } from './en/education.ts'
import { entertainmentEn } from './en/entertainment.ts'
import { financeEn } from './en/finance.ts'
import { foodEn } from './en/food.ts'
import { healthEn } from './en/health.ts'
import { heritageEn } from './en/heritage.ts'
import { sportsEn } from './en/sports.ts'
import { technologyEn } from './en/technology.ts'
import { travelEn } from './en/travel.ts'
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

/** In the order in which channels are listed: first those in the language of their name. The index of a topic identifies it within the demo. */
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
  technologyEn,
  financeEn,
  sportsEn,
  entertainmentEn,
  foodEn,
  travelEn,
  healthEn,
  carsEn,
  educationEn,
  heritageEn,
]

/** Each once, in the order of TOPICS. */
export const CHANNELS: readonly string[] = [...new Set(TOPICS.map(({ channel }) => channel))]

/** Of a topic, by index, the index of its channel. */
export const CHANNEL_OF: readonly number[] = TOPICS.map(({ channel }) => CHANNELS.indexOf(channel))
