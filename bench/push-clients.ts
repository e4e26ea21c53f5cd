// Clients that cost little: bare WebSockets that speak as much of Socket.IO's protocol as a listener needs.

export interface Listeners {
  /** Resolves when all are connected. */
  opened: Promise<void>
  close(): void
}

const AT_ONCE = 100 // more at once would wait in the server's queue and time out

/** `onPush` gets the client's number whenever an event comes. */
export function openListeners(url: string, queries: string[], onPush: (client: number, text: string) => void): Listeners {
  const sockets: WebSocket[] = []
  const open = (client: number) =>
    new Promise<void>((resolve, reject) => {
      // Each client has an address of its own, as limits see it.
      const headers = { 'x-forwarded-for': `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}` }
      const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket&${queries[client]}`
      const socket = new WebSocket(address, { headers } as never)
      sockets.push(socket)
      socket.addEventListener('error', () => reject(new Error('a socket was refused')))
      socket.addEventListener('message', ({ data }) => {
        const text = String(data)
        if (text === '2') socket.send('3')
        else if (text.startsWith('0')) socket.send('40')
        else if (text.startsWith('40')) resolve()
        else if (text.startsWith('42')) onPush(client, text)
      })
    })
  const opened = (async () => {
    for (let from = 0; from < queries.length; from += AT_ONCE)
      await Promise.all(queries.slice(from, from + AT_ONCE).map((_, i) => open(from + i)))
  })()
  return { opened, close: () => sockets.forEach(socket => socket.close()) }
}
