// The yardstick: a bare Socket.IO server. It joins each client to a room, and sends an event to a room whenever it is told to.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { serveClient: false })
io.on('connection', socket => void socket.join(String(socket.handshake.query.reader)))
process.on('message', (room: string) => void io.to(room).emit('liking notify', { user_id: room, timestamp: Date.now() }))
http.listen(0, '127.0.0.1', () => process.stdout.write(`ready http://127.0.0.1:${(http.address() as AddressInfo).port}\n`))
process.once('SIGTERM', () => process.exit())
