// A bound for an LRUCache that may hold many entries. With its own option `max`, lru-cache reserves room for all of them when
// it is created: 0.1 ms of every start for a thousand entries, and memory that a small installation never uses.

export const entriesMax = (max: number) => ({ maxSize: max, sizeCalculation: () => 1 })
