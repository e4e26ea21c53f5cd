// Serves the web apps outside the API's paths: their files, and index.html for every other path that a browser opens, because
// they have routers of their own: below /studio and /admin those of the studio and of the back office, else the reader's. Under
// the API's prefixes, and for clients that do not accept HTML, an unknown path is a JSON 404.

import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { join, normalize } from 'node:path'
import files from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GENERATIONS } from './generations.ts'
import { BUILDING, NO_WEB_APP } from './placeholder-pages.ts'

export interface Site {
  /** True for the operator's folder (STATIC_DIR). */
  custom: boolean
  /** Undefined before the first build. */
  folder(): string | undefined
  state(): 'ready' | 'building' | 'failed'
  /** Awaited before a page is served. */
  refresh(): Promise<void>
}

export interface StaticNeeds {
  site: Site
  /** The zone of `pubdate`. The web app needs it to show how long ago an article appeared. */
  timezone: string
}

const YEAR_SECONDS = 31_536_000

/** The paths of the other apps, and the folders of their builds within the reader's. */
const APPS = ['studio', 'admin']
const PAGES = new Set(['index.html', ...APPS.map(app => `${app}/index.html`)])
const BUILT_FILE = new RegExp(`^((${APPS.join('|')})/)?assets/`)

/** First path segments at which the web app has no page. */
const RESERVED = new Set(
  ['api', 'mis', 'v1', 'drawn', 'files', 'docs', 'openapi.json', 'healthz', 'readyz', 'metrics', 'socket.io'].concat(
    GENERATIONS.flatMap(({ prefix }) => prefix.split('/')[1] || []),
  ),
)

/**
 * Images may come from anywhere, because imported articles link to them; everything else only from this server. Of scripts in the page
 * itself those run that the build has put there.
 */
function policyOf(html: string): string {
  const inline = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, code = '']) => ` 'sha256-${createHash('sha256').update(code).digest('base64')}'`,
  )
  return [
    `default-src 'none'; script-src 'self'${inline.join('')}; style-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'`,
    "img-src 'self' http: https: data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ].join('; ')
}

export async function addStatic(server: FastifyInstance, { site, timezone }: StaticNeeds): Promise<void> {
  await server.register(files, { serve: false, preCompressed: true, cacheControl: false, index: false })

  server.get('/*', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    if (isReserved(request)) return reply.callNotFound()
    const name = fileNameOf(request)
    const page = wantsPage(request)
    if (name === 'index.html' && !page && wantsJson(request)) return routeMap()
    if (page) await site.refresh()
    const folder = site.folder()
    if (folder && !PAGES.has(name) && (await isFile(folder, name))) {
      reply.header('cache-control', cacheOf(site, name))
      return reply.sendFile(name, folder)
    }
    if (!page && !PAGES.has(name)) return reply.callNotFound()
    return sendPage(reply, folder, name)
  })

  /** The contract: names of endpoints and their paths. */
  function routeMap() {
    const { paths = {} } = server.swagger() as { paths?: Record<string, object> }
    const entries = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => [`${method} ${path.slice(1).replaceAll('/', '.')}`, path] as const),
    )
    return Object.fromEntries(entries)
  }

  async function sendPage(reply: FastifyReply, folder: string | undefined, name: string) {
    reply.header('cache-control', 'no-cache').header('vary', 'accept')
    if (folder && site.custom) return reply.sendFile('index.html', folder)
    reply.type('text/html; charset=utf-8').serializer(String)
    // Read for each request (5 kB): a new build changes it. The build of an older version may lack an app.
    const html = folder && (await readFile(join(folder, appOf(name), 'index.html'), 'utf8').catch(() => undefined))
    const policy = policyOf(html ?? '')
    reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin' })
    if (!html) return reply.send(site.state() === 'building' ? BUILDING : NO_WEB_APP)
    return reply.send(html.replace('<head>', `<head>\n    <meta name="timezone" content="${timezone}" />`))
  }
}

/** The names of built files contain a hash of their content, so browsers may cache them for ever. */
function cacheOf({ custom }: Site, name: string): string {
  if (custom) return 'no-cache' // its names may have no hash
  return BUILT_FILE.test(name) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache'
}

/** Empty: the reader's. */
function appOf(name: string): string {
  const first = name.split('/', 1)[0] as string
  return APPS.includes(first) ? first : ''
}

function isReserved({ url, originalUrl }: FastifyRequest): boolean {
  // `/api/x` has been rewritten to `/x`, but the client meant the API.
  return [url, originalUrl].some(each => RESERVED.has(each.replace(/^\/+/, '').split(/[/?]/, 1)[0] as string))
}

function fileNameOf({ params }: FastifyRequest): string {
  const path = (params as { '*': string })['*']
  return /^\/*$/.test(path) ? 'index.html' : normalize(path).replace(/^\/+/, '')
}

const wantsJson = ({ headers }: FastifyRequest) => /\bapplication\/json\b/.test(headers.accept ?? '')
export const acceptsPage = ({ accept = '' }: IncomingHttpHeaders): boolean => /\btext\/html\b/.test(accept)
const wantsPage = ({ headers }: FastifyRequest) => acceptsPage(headers)

async function isFile(folder: string, name: string): Promise<boolean> {
  // Nothing outside the folder, and no hidden file.
  if (name.includes('\0') || name.split(/[/\\]/).some(part => part.startsWith('.'))) return false
  return stat(join(folder, name)).then(
    found => found.isFile(),
    () => false,
  )
}
