/** nDCG@10 of each ranking as operators see it: null where it was not compared. */
export const toNdcgView = <Name extends string>(
  names: readonly Name[],
  found: Partial<Record<Name, number>>,
): Record<Name, number | null> => Object.fromEntries(names.map(name => [name, found[name] ?? null])) as Record<Name, number | null>
