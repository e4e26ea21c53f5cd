// Trees as lists of numbers: of all nodes of all trees, one number each in every list.

import type { Node } from './grow-tree.ts'

export interface Trees {
  /** Inputs of a candidate. */
  width: number
  /** The root of each tree. */
  roots: Int32Array
  /** The left child of each node, the right one follows it; 0 for a leaf. */
  left: Int32Array
  inputs: Int32Array
  /** A candidate whose input is above goes right. */
  cuts: Float64Array
  /** What a leaf adds to the score. */
  values: Float64Array
}

export function packTrees(trees: readonly (readonly Node[])[], width: number): Trees {
  const roots = new Int32Array(trees.length)
  for (const [i, tree] of trees.entries()) if (i + 1 < trees.length) roots[i + 1] = (roots[i] as number) + tree.length
  const nodes = trees.flatMap((tree, i) => tree.map(node => ({ ...node, left: node.left && node.left + (roots[i] as number) })))
  return {
    width,
    roots,
    left: Int32Array.from(nodes, ({ left }) => left),
    inputs: Int32Array.from(nodes, ({ input }) => input),
    cuts: Float64Array.from(nodes, ({ cut }) => cut),
    values: Float64Array.from(nodes, ({ value }) => value),
  }
}

/** An input that is no number goes left. */
export function scoresByTrees(
  { width, roots, left, inputs: tested, cuts, values }: Trees,
  inputs: Float32Array,
  count: number,
): Float64Array {
  const scores = new Float64Array(count)
  // Tree by tree: its nodes stay in the cache of the processor.
  for (let t = 0; t < roots.length; t++)
    for (let i = 0; i < count; i++) {
      let node = roots[t] as number
      for (let next = left[node] as number; next !== 0; next = left[node] as number)
        node = next + Number((inputs[i * width + (tested[node] as number)] as number) > (cuts[node] as number))
      scores[i] = (scores[i] as number) + (values[node] as number)
    }
  return scores
}
