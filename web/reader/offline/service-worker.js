// The service worker of the readers' app: keeps the app itself, so that it opens without a network, and answers with the articles that the
// page has kept (kept-articles.ts) when the network does not. The build puts `const BUILD = { version, files }` before this file.

importScripts('/push.js')

const SHELL = `shell ${BUILD.version}`
/** This build's, and that of pages that were opened before it. */
const SHELLS_MAX = 2
/** The first segments of the app's own paths; any other page is not the app's. */
const PAGES = new Set('|c|popular|search|inbox|account|announcements|author|mine|chats|assistant|channels|article|offline'.split('|'))
const FILES = new Set(BUILD.files)
const KEPT = /^\/v1_0\/articles\/\d{1,19}$|^\/(files|drawn)\//
/** What a reader waits for a network that hardly works, before what is kept is shown. */
const PATIENCE_MS = 5_000
/** Of a proxy whose server is away. */
const AWAY = new Set([502, 503, 504])

addEventListener('install', event => event.waitUntil(keepShell()))
addEventListener('activate', event => event.waitUntil(takeOver()))

addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (PAGES.has(pathname.split('/')[1])) event.respondWith(answer(event, () => caches.match('/', { cacheName: SHELL })))
  } else if (pathname.startsWith('/assets/')) event.respondWith(matchKept(request).then(kept => kept ?? fetch(request)))
  else if (FILES.has(pathname) || KEPT.test(pathname)) event.respondWith(answer(event, () => matchKept(request)))
})

/** All files of a build or none. If the page is of another build already, this one is not installed, and the browser tries again. */
async function keepShell() {
  try {
    const page = await fetch('/', { headers: { accept: 'text/html' }, cache: 'reload' })
    const named = [...(await page.clone().text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path)
    if (!page.ok || !named.every(path => FILES.has(path))) throw new Error('the page is of another build')
    const cache = await caches.open(SHELL)
    await Promise.all([cache.addAll(BUILD.files), cache.put('/', page)])
    await skipWaiting()
  } catch (err) {
    await caches.delete(SHELL)
    throw err
  }
}

async function takeOver() {
  const shells = (await caches.keys()).filter(name => name.startsWith('shell ') && name !== SHELL)
  await Promise.all(shells.slice(0, Math.max(0, shells.length - SHELLS_MAX + 1)).map(name => caches.delete(name)))
  await registration.navigationPreload?.enable()
  await clients.claim()
}

/** The network's answer, so that nothing is stale; what is kept if there is none in time. */
async function answer({ request, preloadResponse }, findKept) {
  const sent = Promise.resolve(preloadResponse).then(preloaded => preloaded ?? fetch(request))
  const arrived = await Promise.race([sent.catch(() => undefined), new Promise(resolve => setTimeout(resolve, PATIENCE_MS))])
  if (arrived && !AWAY.has(arrived.status)) return arrived
  return (await findKept()) ?? arrived ?? sent
}

/** Kept answers do not depend on who asks: they are forgotten when a reader signs out. */
const matchKept = request => caches.match(request, { ignoreVary: true })
