// The command line. A command is a process without roles: it joins the PostgreSQL of a running server, or starts and stops
// its own. It only writes rows; a running server reads them from the change log.

import { run } from './run.ts'

const stopping = new AbortController()
// The first Ctrl-C stops the command after its current batch; the second one ends the process.
process.once('SIGINT', () => stopping.abort())
process.once('SIGTERM', () => stopping.abort())
const io = { env: process.env, stdout: process.stdout, stderr: process.stderr, signal: stopping.signal }
process.exitCode = await run(process.argv.slice(2), io)
