// Runs a program that is not ours, and says that it is ready when an address of it answers.

import { spawn } from 'node:child_process'

const [program = '', address = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: 'ignore' })
process.once('SIGTERM', () => child.kill('SIGTERM'))
child.once('error', err => process.stderr.write(`${program}: ${err.message}\n`))
child.once('exit', () => process.exit())
while (
  !(await fetch(address).then(
    answer => answer.ok,
    () => false,
  ))
)
  await new Promise(resolve => setTimeout(resolve, 20))
process.stdout.write('ready\n')
