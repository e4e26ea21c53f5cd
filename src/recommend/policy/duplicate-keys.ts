// JSON.parse keeps the last of two fields with the same name, and says nothing. In a file that people edit, the first is then a
// line that does nothing.

/** Strings, and what stands between values. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

/** The path of the first field that an object has twice, as `sources.trending`. `text` is valid JSON. */
export function findDuplicateKey(text: string): string | undefined {
  /** The objects and lists that are open: the names so far, and the newest of them. A list has none. */
  const open: { names?: Set<string>; newest?: string }[] = []
  let string = ''
  for (const [token] of text.matchAll(TOKENS)) {
    const inner = open.at(-1)
    if (token === '{') open.push({ names: new Set() })
    else if (token === '[') open.push({})
    else if (token === '}' || token === ']') open.pop()
    else if (token.startsWith('"')) string = token
    else if (token === ':' && inner?.names) {
      inner.newest = JSON.parse(string) as string
      if (inner.names.has(inner.newest)) return open.flatMap(({ newest }) => newest ?? []).join('.')
      inner.names.add(inner.newest)
    }
  }
  return undefined
}
