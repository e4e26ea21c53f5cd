// Gradient-boosted trees that rank the candidates of an impression (LambdaMART), on histograms: each tree is fitted to what the
// trees before it got wrong. Training ends when later impressions are no longer ranked better.

import { createSeededRandom } from '../../base/seeded-random.ts'
import { type Binned, binsOf, findCuts } from './bins.ts'
import type { Examples } from './examples.ts'
import { createTreeGrower, type GrowOptions, type Node } from './grow-tree.ts'
import { meanNdcg, writeLambdas } from './lambda-rank.ts'
import { packTrees, type Trees } from './trees.ts'

export interface TrainOptions extends GrowOptions {
  treesMax: number
  /** Trees without a better ranking of the impressions to stop by. */
  patience: number
  /** Of the impressions, and of the inputs, each tree is grown from so many. */
  impressionShare: number
  inputShare: number
  seed: number
  /** Inputs that may be used; all if not given. */
  inputs?: Int32Array
}

/** The settings of the published protocol E1 (docs/evaluation.md). */
export const TRAIN_OPTIONS: TrainOptions = {
  treesMax: 1_500,
  patience: 60,
  leavesMax: 31,
  leafMin: 50,
  hessianMin: 1e-3,
  shrinkage: 5,
  rate: 0.05,
  impressionShare: 0.8,
  inputShare: 0.8,
  seed: 7,
}

/** `stop`: later impressions, by which it is known when to stop. */
export function trainTrees(fit: Examples, stop: Examples, options: TrainOptions = TRAIN_OPTIONS): Trees {
  if (fit.width !== stop.width) throw new Error('the impressions to stop by have other inputs')
  const cuts = findCuts(fit)
  const [binned, stopBinned] = [binsOf(fit, cuts), binsOf(stop, cuts)]
  const growTree = createTreeGrower(binned, cuts, options)
  const random = createSeededRandom(options.seed)
  const [scores, stopScores] = [startOf(fit), startOf(stop)]
  const [gradients, hessians] = [new Float64Array(binned.count), new Float64Array(binned.count)]
  const impressions = Int32Array.from({ length: fit.begins.length - 1 }, (_, i) => i)
  const usable = options.inputs ?? Int32Array.from({ length: fit.width }, (_, i) => i)
  const trees: Node[][] = []
  let best = { ndcg: meanNdcg(stopScores, stop.clicked, stop.begins), trees: 0 }
  while (trees.length < options.treesMax && trees.length - best.trees < options.patience) {
    for (const i of impressions)
      writeLambdas(scores, fit.clicked, fit.begins[i] as number, fit.begins[i + 1] as number, gradients, hessians)
    const rows = rowsOf(fit.begins, drawn(impressions, options.impressionShare))
    const tree = growTree(rows, drawn(usable, options.inputShare), gradients, hessians)
    if (tree.length === 1) break // no split lowers the loss
    trees.push(tree)
    addScores(tree, binned, scores)
    addScores(tree, stopBinned, stopScores)
    const ndcg = meanNdcg(stopScores, stop.clicked, stop.begins)
    if (ndcg > best.ndcg) best = { ndcg, trees: trees.length }
  }
  return packTrees(trees.slice(0, best.trees), fit.width)

  /** A share of the numbers, ascending. */
  function drawn(numbers: Int32Array, share: number): Int32Array {
    const all = numbers.slice()
    const size = Math.max(1, Math.round(all.length * share))
    for (let i = 0; i < size; i++) {
      const other = random.int(i, all.length - 1)
      ;[all[i], all[other]] = [all[other] as number, all[i] as number]
    }
    return all.subarray(0, size).toSorted()
  }
}

const startOf = ({ clicked, offsets }: Examples) => (offsets ? offsets.slice() : new Float64Array(clicked.length))

function rowsOf(begins: Int32Array, impressions: Int32Array): Int32Array {
  let count = 0
  for (const i of impressions) count += (begins[i + 1] as number) - (begins[i] as number)
  const rows = new Int32Array(count)
  let place = 0
  for (const i of impressions) for (let row = begins[i] as number; row < (begins[i + 1] as number); row++) rows[place++] = row
  return rows
}

function addScores(tree: readonly Node[], { columns, count }: Binned, scores: Float64Array): void {
  for (let row = 0; row < count; row++) {
    let node = tree[0] as Node
    while (node.left !== 0) node = tree[node.left + Number((columns[node.input]?.[row] as number) > node.bin)] as Node
    scores[row] = (scores[row] as number) + node.value
  }
}
