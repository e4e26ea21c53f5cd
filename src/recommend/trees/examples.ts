/** Impressions to learn from, one after the other. */
export interface Examples {
  /** `width` numbers for each candidate. */
  inputs: Float32Array
  width: number
  /** 1 for each candidate that was clicked. */
  clicked: Uint8Array
  /** Where each impression begins, in candidates; and, at the end, how many candidates there are. */
  begins: Int32Array
  /** What is known to add to the score of each candidate, such as its place; nothing if not given. It is no part of the trees. */
  offsets?: Float64Array
}

/** `width`: numbers for each candidate. */
export function joinExamples(
  impressions: readonly { inputs: Float32Array; clicked: Uint8Array; offsets?: ArrayLike<number> }[],
  width: number,
): Examples {
  const begins = new Int32Array(impressions.length + 1)
  for (const [i, { clicked }] of impressions.entries()) begins[i + 1] = (begins[i] as number) + clicked.length
  const count = begins[impressions.length] as number
  const examples = {
    inputs: new Float32Array(count * width),
    width,
    clicked: new Uint8Array(count),
    begins,
    offsets: new Float64Array(count),
  }
  for (const [i, { inputs, clicked, offsets }] of impressions.entries()) {
    const begin = begins[i] as number
    if (inputs.length !== clicked.length * width) throw new Error('an impression has not as many inputs as its candidates need')
    examples.inputs.set(inputs, begin * width)
    examples.clicked.set(clicked, begin)
    if (offsets) examples.offsets.set(offsets, begin)
  }
  return examples
}
