import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'

/** Calls `use` with each line of a gzipped text file. Holds one chunk of it in memory. */
export async function readGzipLines(path: string, use: (line: string, index: number) => void): Promise<void> {
  const text = createReadStream(path).pipe(createGunzip()).setEncoding('utf8')
  let rest = ''
  let index = 0
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() as string
    for (const line of lines) use(line, index++)
  }
  if (rest) use(rest, index)
}

/** A file of a data set: in the folder itself, or in one of its folders. Undefined if it is in none. */
export const findFile = (folder: string, subfolders: readonly string[], name: string): string | undefined =>
  ['.', ...subfolders].map(sub => join(folder, sub, name)).find(path => existsSync(path))

export function getFile(folder: string, subfolders: readonly string[], name: string): string {
  const path = findFile(folder, subfolders, name)
  if (!path) throw new Error(`no ${name} in ${folder}`)
  return path
}
