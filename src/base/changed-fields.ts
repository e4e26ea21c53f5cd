/** JSON in which ids are text. */
export const toJsonText = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? part.toString() : part))

/** The fields of `after` that differ, as they were and as they are. A field that is undefined is left as it was. */
export function changedFields<T extends object>(before: T, after: Partial<T>): { before: Partial<T>; after: Partial<T> } {
  const names = (Object.keys(after) as (keyof T)[]).filter(
    name => after[name] !== undefined && toJsonText(before[name]) !== toJsonText(after[name]),
  )
  const pick = (from: Partial<T>) => Object.fromEntries(names.map(name => [name, from[name]])) as Partial<T>
  return { before: pick(before), after: pick(after) }
}
