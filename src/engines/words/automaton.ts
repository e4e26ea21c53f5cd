// Finds all of many patterns in one pass (Aho and Corasick, 1975). Of four libraries none stays above 5 MB/s once the text is
// folded (docs/moderation.md). States are numbers in typed arrays; transitions stand in one hash table.

export interface Automaton {
  /** Calls `onMatch` with the pattern's index and the position of its last unit. */
  scan(units: Uint16Array, length: number, onMatch: (pattern: number, end: number) => void): void
}

const ROOT = 0

/** `patterns` are distinct and not empty. */
export function createAutomaton(patterns: readonly string[]): Automaton {
  const total = patterns.reduce((sum, pattern) => sum + pattern.length, 0)
  const slots = 2 ** Math.ceil(Math.log2(2 * total + 2)) // half empty at most
  const mask = slots - 1
  const keyStates = new Int32Array(slots).fill(-1)
  const keyUnits = new Uint16Array(slots)
  const targets = new Int32Array(slots)
  const fromRoot = new Int32Array(65_536)
  const parents = new Int32Array(total + 1)
  const unitOf = new Uint16Array(total + 1)
  const depths = new Int32Array(total + 1)
  /** The pattern that ends in a state, or -1. */
  const ends = new Int32Array(total + 1).fill(-1)
  let states = 1

  function slotOf(state: number, unit: number): number {
    let slot = (Math.imul(state, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) & mask
    while (keyStates[slot] !== -1 && (keyStates[slot] !== state || keyUnits[slot] !== unit)) slot = (slot + 1) & mask
    return slot
  }

  /** 0 if there is none: nothing leads back to the root. */
  const next = (state: number, unit: number): number => {
    if (state === ROOT) return fromRoot[unit] as number
    const slot = slotOf(state, unit)
    return keyStates[slot] === -1 ? 0 : (targets[slot] as number)
  }

  for (const [index, pattern] of patterns.entries()) {
    let state = ROOT
    for (let i = 0; i < pattern.length; i++) {
      const unit = pattern.charCodeAt(i)
      let target = next(state, unit)
      if (target === 0) {
        target = states++
        parents[target] = state
        unitOf[target] = unit
        depths[target] = i + 1
        if (state === ROOT) fromRoot[unit] = target
        else {
          const slot = slotOf(state, unit)
          keyStates[slot] = state
          keyUnits[slot] = unit
          targets[slot] = target
        }
      }
      state = target
    }
    ends[state] = index
  }

  /** Where to go on when no transition fits: the longest suffix that is a state. */
  const fails = new Int32Array(states)
  /** The nearest suffix in which a pattern ends, or 0. */
  const shorter = new Int32Array(states)
  const byDepth = Array.from({ length: states - 1 }, (_, i) => i + 1).toSorted((a, b) => (depths[a] as number) - (depths[b] as number))
  for (const state of byDepth) {
    if ((depths[state] as number) > 1) {
      const unit = unitOf[state] as number
      let suffix = fails[parents[state] as number] as number
      while (suffix !== ROOT && next(suffix, unit) === 0) suffix = fails[suffix] as number
      fails[state] = next(suffix, unit)
    }
    const fail = fails[state] as number
    shorter[state] = (ends[fail] as number) >= 0 ? fail : (shorter[fail] as number)
  }

  return {
    scan(units, length, onMatch) {
      let state = ROOT
      for (let i = 0; i < length; i++) {
        const unit = units[i] as number
        let target = next(state, unit)
        while (target === 0 && state !== ROOT) {
          state = fails[state] as number
          target = next(state, unit)
        }
        state = target
        if (state === ROOT) continue
        for (let end = (ends[state] as number) >= 0 ? state : (shorter[state] as number); end !== 0; end = shorter[end] as number)
          onMatch(ends[end] as number, i)
      }
    },
  }
}
