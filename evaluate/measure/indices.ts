/** Gives each id an index, from 0 on. */
export function createIndices<Id>() {
  const indices = new Map<Id, number>()
  const ids: Id[] = []
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
