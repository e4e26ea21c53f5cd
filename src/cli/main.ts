// The command line. A command is a process without roles: it joins the PostgreSQL of a running server, or starts and
// stops it itself; it writes rows only, and the change log tells the server.

import { run } from './run.ts'

const stopping = new AbortController()
// The first Ctrl-C ends the work after its batch; the second ends the process.
process.once('SIGINT', () => stopping.abort())
process.once('SIGTERM', () => stopping.abort())
const surroundings = { env: process.env, stdout: process.stdout, stderr: process.stderr, signal: stopping.signal }
process.exitCode = await run(process.argv.slice(2), surroundings)
