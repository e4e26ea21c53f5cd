// What a picture costs at least: POST encodes it with sharp alone, GET streams one file. No rows, no checks, no store.

import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'

const [, , file = ''] = process.argv
sharp.cache(false)
sharp.concurrency(1)

const server = createServer(async (request, response) => {
  if (request.method === 'GET') return void createReadStream(file).pipe(response.setHeader('content-length', process.argv[3] ?? '0'))
  const encode = (input: Buffer, width: number) => sharp(input).autoOrient().resize({ width }).jpeg({ quality: 82 }).toBuffer()
  const picture = await encode(await buffer(request), 2_560)
  for (const width of [360, 720, 1_280]) await encode(picture, width)
  response.end('{}')
})
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${(server.address() as { port: number }).port}`))
