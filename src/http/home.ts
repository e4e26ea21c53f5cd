// What a person sees who opens the address in a browser: where things are.

import type { FastifyInstance } from 'fastify'

export function addHome(server: FastifyInstance): void {
  server.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').serializer(String).send(PAGE),
  )
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Broadsheet</title>
<style>
  :root { color-scheme: light dark; font: 17px/1.6 Georgia, 'Noto Serif SC', serif }
  body { max-width: 38rem; margin: 12vh auto; padding: 0 1.2rem }
  h1 { font-size: 2.6rem; margin: 0 0 .2rem; letter-spacing: -.02em }
  li { margin: .35rem 0 }
  code { font-size: .85em }
</style>
<h1>Broadsheet</h1>
<p>A personalised news feed, and it is running.</p>
<ul>
  <li><a href="/docs">The API, described and to try out</a> (<a href="/openapi.json">OpenAPI</a>)
  <li><a href="/app/v1_1/articles?channel_id=0&amp;timestamp=1&amp;with_top=0">A first page of the feed</a>, as clients get it
  <li><a href="/app/v1_0/channels">The channels</a>
  <li><a href="/readyz">Is it well?</a> <a href="/metrics">How has it been doing?</a>
</ul>
<p>An existing client of this API works when its base address is this one.</p>
</html>
`
