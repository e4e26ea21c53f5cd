/** Gives each id an index, from 0 on. `known`: ids that have theirs. */
export function createIndices<Id>(known: readonly Id[] = []) {
  const indices = new Map(known.map((id, index) => [id, index]))
  const ids = [...known]
  return {
    ids,
    indexOf(id: Id): number {
      let index = indices.get(id)
      if (index === undefined) {
        index = ids.push(id) - 1
        indices.set(id, index)
      }
      return index
    },
  }
}
