import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a key of 128 bits takes in hexadecimal. */
const SECRET_LENGTH = 32

/** A secret of this installation: made on first use, kept in the data folder, readable by its owner only. */
export async function loadOrCreateSecret(dataDir: string, name: string): Promise<string> {
  const folder = join(dataDir, 'secrets')
  const file = join(folder, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const known = await read(file)
  if (known && known.length >= SECRET_LENGTH) return known
  // Whole or not at all, however this process ends. Two may start at once: the first to link wins, and both read what it wrote.
  const made = `${file}.${process.pid}`
  await writeFile(made, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true })
  await link(made, file).catch(async err => {
    if (err.code !== 'EEXIST') throw err
    if (!(await read(file))) await rename(made, file) // an empty file, as a full disk or a power cut leaves it
  })
  await rm(made, { force: true })
  const secret = await read(file)
  if (secret && secret.length >= SECRET_LENGTH) return secret
  throw new Error(`${file} holds no secret: delete it, and a new one is made`)
}

async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw err
  }
}
