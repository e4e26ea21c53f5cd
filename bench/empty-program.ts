process.stdout.write('ready\n')
process.once('SIGTERM', () => process.exit())
setInterval(() => {}, 1_000)
