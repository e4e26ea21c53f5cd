/** Where a card stands at the head of the feed: the first is the lead, the next two are beside it on a desktop. */
export const placeOf = (index: number): 'lead' | 'second' | undefined => (index === 0 ? 'lead' : index < 3 ? 'second' : undefined)
