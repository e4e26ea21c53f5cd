/** True for names and numbers that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** What an operator can do about an address we cannot listen on. */
export function listenError(err: Error, { host, port }: { host: string; port: number }, setting: string): Error {
  const where = `${host}:${port}`
  const why = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].find(code => err.message.includes(code))
  if (why === 'EADDRINUSE')
    return new Error(`${where} is taken by another process: stop it, or set ${setting} to another port`, { cause: err })
  if (why === 'EACCES') return new Error(`this user may not listen on ${where}: set ${setting} to a port from 1024 on`, { cause: err })
  if (why) return new Error(`${host} is no address of this machine`, { cause: err })
  return err
}
