// Grows one tree: of all leaves, the one whose split lowers the loss most is split next (leaf-wise, as LightGBM does).

import type { Binned, Cuts } from './bins.ts'
import {
  createHistograms,
  fillHistograms,
  findSplit,
  type Histograms,
  type Split,
  type SplitLimits,
  subtractHistograms,
} from './histograms.ts'

export interface Node {
  /** The index of the left child; the right one follows it. 0 for a leaf. */
  left: number
  input: number
  bin: number
  cut: number
  value: number
}

export interface GrowOptions extends SplitLimits {
  leavesMax: number
  /** What of the value of a leaf is used. */
  rate: number
}

interface Leaf {
  node: number
  /** In `rows`. */
  begin: number
  end: number
  gradient: number
  hessian: number
  histograms: Histograms
  split: Split | undefined
}

/** `rows`: the candidates to learn from; they are reordered. `inputs`: those that may be used. */
export function createTreeGrower(binned: Binned, cuts: Cuts, options: GrowOptions) {
  const pool: Histograms[] = []
  const [gradients, hessians] = [new Float64Array(binned.count), new Float64Array(binned.count)] // in the order of rows
  const kept = new Int32Array(binned.count)

  const takeHistograms = () => pool.pop() ?? createHistograms(cuts.length)

  return function growTree(rows: Int32Array, inputs: Int32Array, gradientOf: Float64Array, hessianOf: Float64Array): Node[] {
    const nodes: Node[] = []
    const leaves: Leaf[] = []

    function order(begin: number, end: number): { gradient: number; hessian: number } {
      let [gradient, hessian] = [0, 0]
      for (let i = begin; i < end; i++) {
        const row = rows[i] as number
        gradient += gradients[i] = gradientOf[row] as number
        hessian += hessians[i] = hessianOf[row] as number
      }
      return { gradient, hessian }
    }

    function addLeaf(node: number, begin: number, end: number, histograms: Histograms): Leaf {
      const leaf: Leaf = { node, begin, end, ...order(begin, end), histograms, split: undefined }
      nodes[node] = { left: 0, input: 0, bin: 0, cut: 0, value: (-options.rate * leaf.gradient) / (leaf.hessian + options.shrinkage) }
      leaves.push(leaf)
      return leaf
    }

    const fill = ({ histograms, begin, end }: Leaf) => fillHistograms(histograms, inputs, binned, { rows, begin, end, gradients, hessians })
    const look = (leaf: Leaf) => {
      leaf.split = findSplit(leaf.histograms, inputs, { ...leaf, count: leaf.end - leaf.begin }, options)
    }

    function splitLeaf(leaf: Leaf, { input, bin }: Split): void {
      const middle = partition(rows, leaf.begin, leaf.end, binned.columns[input] as Uint8Array, bin, kept)
      const node = nodes[leaf.node] as Node
      Object.assign(node, { left: nodes.length, input, bin, cut: cuts[input]?.[bin] as number })
      const isLeftSmaller = middle - leaf.begin < leaf.end - middle
      const fresh = takeHistograms()
      const left = addLeaf(node.left, leaf.begin, middle, isLeftSmaller ? fresh : leaf.histograms)
      const right = addLeaf(node.left + 1, middle, leaf.end, isLeftSmaller ? leaf.histograms : fresh)
      const [smaller, larger] = isLeftSmaller ? [left, right] : [right, left]
      fill(smaller)
      subtractHistograms(larger.histograms, smaller.histograms, inputs)
      look(left)
      look(right)
    }

    const root = addLeaf(0, 0, rows.length, takeHistograms())
    fill(root)
    look(root)
    while (leaves.length < options.leavesMax) {
      let best: Leaf | undefined
      for (const leaf of leaves) if (leaf.split && leaf.split.gain > (best?.split?.gain ?? 0)) best = leaf
      if (!best?.split) break
      leaves.splice(leaves.indexOf(best), 1)
      splitLeaf(best, best.split)
    }
    for (const { histograms } of leaves) pool.push(histograms)
    return nodes
  }
}

/** Moves the rows of bins up to `bin` before the others, in their order; returns where the others begin. */
function partition(rows: Int32Array, begin: number, end: number, column: Uint8Array, bin: number, kept: Int32Array): number {
  let [left, right] = [begin, 0]
  for (let i = begin; i < end; i++) {
    const row = rows[i] as number
    if ((column[row] as number) <= bin) rows[left++] = row
    else kept[right++] = row
  }
  rows.set(kept.subarray(0, right), left)
  return left
}
