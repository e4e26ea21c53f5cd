// Parts of what is in memory as a snapshot has them: written without functions, and read back into the objects that the
// features refer to.

import type { GrowableNumbers } from './model/growable.ts'

const isGrowable = (value: unknown): value is GrowableNumbers =>
  typeof value === 'object' && value !== null && 'reach' in value && 'values' in value

const plainValue = (value: unknown): unknown => (isGrowable(value) ? { values: value.values } : value)

/** Without functions, which cannot be written. */
export const plainOf = (part: object): unknown =>
  Array.isArray(part) ? part.map(plainValue) : Object.fromEntries(Object.entries(part).map(([key, value]) => [key, plainValue(value)]))

/** Growable numbers keep their object: the feature that has them refers to it. */
export function restorePart(part: object, saved: object): void {
  const [target, source] = [part as Record<string, unknown>, saved as Record<string, unknown>]
  for (const key of Object.keys(source)) {
    const [own, value] = [target[key], source[key]]
    if (isGrowable(own)) own.values = (value as Pick<GrowableNumbers, 'values'>).values
    else target[key] = value
  }
}
