// What a browser gets at addresses that are not the API's: files of the site, and for any other page the site's index.html,
// because the app in it knows its own addresses. The API's addresses always win, and what is not for people stays JSON.

import { readFile, stat } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import files from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GENERATIONS } from './generations.ts'
import { BUILDING, NO_WEB_APP } from './placeholder-pages.ts'

export interface Site {
  /** True for an operator's own folder, of which we know nothing. */
  custom: boolean
  /** Undefined while there is nothing to serve. */
  folder(): string | undefined
  state(): 'ready' | 'building' | 'failed'
  /** Is called before a page is served, and awaited. */
  refresh(): Promise<void>
}

export interface StaticNeeds {
  site: Site
  /** The zone in which `pubdate` is written; pages need it to say how long ago something was. */
  timezone: string
}

const YEAR_SECONDS = 31_536_000

/** First parts of addresses at which no page of the site ever is. */
const RESERVED = new Set(
  ['api', 'mis', 'v1', 'drawn', 'docs', 'openapi.json', 'healthz', 'readyz', 'metrics', 'socket.io'].concat(
    GENERATIONS.flatMap(({ prefix }) => prefix.split('/')[1] || []),
  ),
)

// Pictures may come from anywhere, as articles are imported from anywhere; nothing else may.
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'",
  "img-src 'self' http: https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ')

export async function addStatic(server: FastifyInstance, { site, timezone }: StaticNeeds): Promise<void> {
  await server.register(files, { serve: false, preCompressed: true, cacheControl: false, index: false })

  server.get('/*', { schema: { hide: true } }, async (request, reply) => {
    if (isReserved(request)) return reply.callNotFound()
    const asked = fileNameOf(request)
    const page = wantsPage(request)
    if (page) await site.refresh()
    const folder = site.folder()
    if (folder && asked !== 'index.html' && (await isFile(folder, asked))) {
      reply.header('cache-control', cacheOf(site, asked))
      return reply.sendFile(asked, folder)
    }
    if (!page && asked !== 'index.html') return reply.callNotFound()
    return sendPage(reply, folder)
  })

  async function sendPage(reply: FastifyReply, folder: string | undefined) {
    reply.header('cache-control', 'no-cache').header('vary', 'accept')
    if (folder && site.custom) return reply.sendFile('index.html', folder)
    reply.header('content-security-policy', POLICY).header('referrer-policy', 'same-origin')
    reply.type('text/html; charset=utf-8').serializer(String)
    if (!folder) return reply.send(site.state() === 'building' ? BUILDING : NO_WEB_APP)
    // A kilobyte, read anew each time: it names the files of this build.
    const html = await readFile(join(folder, 'index.html'), 'utf8')
    return reply.send(html.replace('<head>', `<head>\n    <meta name="timezone" content="${timezone}" />`))
  }
}

/** Names of built files hold a hash of what is in them, so what a name stands for never changes. */
function cacheOf({ custom }: Site, name: string): string {
  if (custom) return 'no-cache' // we do not know whether theirs do
  return name.startsWith('assets/') ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache'
}

function isReserved({ url, originalUrl }: FastifyRequest): boolean {
  // `/api/x` is `/x` by now, but whoever wrote it wanted the API.
  return [url, originalUrl].some(each => RESERVED.has(each.replace(/^\/+/, '').split(/[/?]/, 1)[0] as string))
}

function fileNameOf({ params }: FastifyRequest): string {
  const path = (params as { '*': string })['*']
  return /^\/*$/.test(path) ? 'index.html' : normalize(path).replace(/^\/+/, '')
}

const wantsPage = ({ headers }: FastifyRequest) => /\btext\/html\b/.test(headers.accept ?? '')

async function isFile(folder: string, name: string): Promise<boolean> {
  // Outside the folder, or hidden in it, is nothing for anybody.
  if (name.includes('\0') || name.split(/[/\\]/).some(part => part.startsWith('.'))) return false
  return stat(join(folder, name)).then(
    found => found.isFile(),
    () => false,
  )
}
