// The log does not say when an article was published, but ids grow with time: an article is at least as old as the first sight of
// it or of any later id.

export function createPublicationTimes() {
  const ids: number[] = []
  const times: number[] = []
  return {
    /** Sightings come in order of time. */
    see(id: number, at: number): void {
      if (id <= (ids.at(-1) ?? Number.NEGATIVE_INFINITY)) return
      ids.push(id)
      times.push(at)
    },
    /** The moment itself if neither the article nor a later one was seen. */
    of(id: number, now: number): number {
      let [low, high] = [0, ids.length]
      while (low < high) {
        const middle = (low + high) >>> 1
        if ((ids[middle] as number) < id) low = middle + 1
        else high = middle
      }
      return times[low] ?? now
    },
  }
}
