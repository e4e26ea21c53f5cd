import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A secret of this installation: made on first use, kept in the data folder, readable by its owner only. */
export async function keptSecret(dataDir: string, name: string): Promise<string> {
  const folder = join(dataDir, 'secrets')
  const file = join(folder, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Two processes may start at once: the first to write wins, and both read what it wrote.
  await writeFile(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch(err => {
    if (err.code !== 'EEXIST') throw err
  })
  for (let tries = 50; ; tries--) {
    const secret = (await readFile(file, 'utf8')).trim()
    if (secret.length >= 32) return secret
    if (tries === 0) throw new Error(`${file} holds no secret: delete it, and a new one is made`)
    await new Promise(resolve => setTimeout(resolve, 20)) // the other process is between creating and writing
  }
}
