import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A 128-bit key in hexadecimal. */
const SECRET_LENGTH = 32

/** A secret of this installation. It is generated on first use and kept in the data folder, readable by its owner only. */
export async function loadOrCreateSecret(dataDir: string, name: string): Promise<string> {
  const folder = join(dataDir, 'secrets')
  const file = join(folder, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const known = await read(file)
  if (known && known.length >= SECRET_LENGTH) return known
  // Written to a temporary file first, so that the file is complete however this process ends. If two processes start at
  // once, the first link wins and both read its secret.
  const temporary = `${file}.${process.pid}`
  await writeFile(temporary, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true })
  await link(temporary, file).catch(async err => {
    if (err.code !== 'EEXIST') throw err
    if (!(await read(file))) await rename(temporary, file) // the file is empty: a full disk or a power cut
  })
  await rm(temporary, { force: true })
  const secret = await read(file)
  if (secret && secret.length >= SECRET_LENGTH) return secret
  throw new Error(`${file} does not hold a secret: delete it, and a new one is generated`)
}

async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw err
  }
}
