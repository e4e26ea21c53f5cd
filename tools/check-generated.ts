// Part of `npm run check`: checks that generated files are up to date.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freshTables, TABLES_FILE } from './fresh-tables.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../', import.meta.url))

const stale = (await Promise.all([tablesStale(), protoStale()])).filter(Boolean)
for (const line of stale) process.stderr.write(`${line}\n`)
process.exitCode = stale.length > 0 ? 1 : 0

async function tablesStale(): Promise<string> {
  const [expected, current] = await Promise.all([freshTables(), readFile(TABLES_FILE, 'utf8')])
  return expected === current ? '' : 'src/engines/database/tables.gen.ts is stale: npm run tables'
}

async function protoStale(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'broadsheet-proto-'))
  const buf = (...args: string[]) =>
    run(process.execPath, [join(root, 'node_modules/@bufbuild/buf/bin/buf'), ...args], { cwd: root, env: withTools() })
  try {
    await buf('lint')
    await buf('generate', '--output', out)
    const file = 'src/recommend/grpc/gen/reco_pb.ts'
    const [expected, current] = await Promise.all([readFile(join(out, file), 'utf8'), readFile(join(root, file), 'utf8')])
    return expected === current ? '' : `${file} is stale: npm run proto`
  } catch (err) {
    return `buf: ${(err as { stdout?: string }).stdout || (err as Error).message}`
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

/** buf looks for its plugins on the PATH, and the plugins look for Node there. */
function withTools(): NodeJS.ProcessEnv {
  const path = [join(root, 'node_modules/.bin'), join(process.execPath, '..'), process.env.PATH].join(':')
  return { ...process.env, PATH: path }
}
