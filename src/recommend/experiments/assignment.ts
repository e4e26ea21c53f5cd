// Which arm of an experiment a viewer is in: for as long as it runs the same one, in every process, and another one in the next
// experiment. A keyed hash puts each viewer at a place from 0 to 1:
//
//   0            share                 ½                      1
//   │ treatment  │ not in it           │ control              │
//
// The share of the treatment may grow up to a half: no viewer leaves an arm for the other.

import { hash } from 'node:crypto'

export const ARMS = ['control', 'treatment'] as const
export type Arm = (typeof ARMS)[number]
/** As rows name it. */
export const numberOf = (arm: Arm): number => ARMS.indexOf(arm)

const CONTROL_FROM = 0.5
/** 48 bits: as many as a number holds exactly. */
const PLACE_DIGITS = 12

/** `key`: the experiment's own, so that no device can choose its arm by its name. */
export function armOf({ key, share }: { key: string; share: number }, viewerKey: string): Arm | undefined {
  const place = Number.parseInt(hash('sha256', key + viewerKey, 'hex').slice(0, PLACE_DIGITS), 16) / 16 ** PLACE_DIGITS
  if (place < share) return 'treatment'
  return place >= CONTROL_FROM ? 'control' : undefined
}

/** The part of the viewers in the experiment that is in the treatment. */
export const treatmentShareOf = (share: number): number => share / (share + 1 - CONTROL_FROM)
