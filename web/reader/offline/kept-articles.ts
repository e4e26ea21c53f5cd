// Articles that were opened are kept in this browser, so that they can be read without a network. Each has a cache of its own, named
// after the viewer, with the API's answer, when it was kept, and its pictures; the service worker answers from it.

import { ApiError } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import type { Article } from '../api/types.ts'

const ARTICLES_MAX = 50
const PICTURES_MAX = 20
const PREFIX = 'article '
const KEPT_AT = 'kept-at'

/** False in browsers without it, and on pages without HTTPS. */
export const canKeep = (): boolean => 'caches' in window && 'serviceWorker' in navigator

/** Also keeps the app itself, by its service worker. */
export const startServiceWorker = (): Promise<ServiceWorkerRegistration> => navigator.serviceWorker.register('/service-worker.js')

/**
 * Replaces what was kept of it, each part when the new one is there: the server may be away. Forgets what was kept for other viewers.
 * `text` shows it. If the browser has no room, the oldest article goes, and this one is kept when it is opened again.
 */
export async function keepArticle(viewer: string, article: Article, text: Element | null): Promise<void> {
  if (!canKeep() || !navigator.onLine) return
  await startServiceWorker()
  const name = nameOf(viewer, article.art_id)
  const others = (await listNamesByAge(viewer)).filter(other => other !== name)
  if (viewer !== currentViewer()) return
  for (const each of await listNames()) if (!isOf(viewer, each)) await caches.delete(each)
  for (const other of others.splice(0, Math.max(0, others.length - ARTICLES_MAX + 1))) await caches.delete(other)
  try {
    const cache = await caches.open(name)
    // Signing out meanwhile has deleted only the caches that were there.
    if (viewer !== currentViewer()) return void (await caches.delete(name))
    const headers = { [KEPT_AT]: String(Date.now()) }
    await cache.put(pathOf(article.art_id), Response.json({ message: 'OK', data: article }, { headers }))
    if (text) keepPictures(cache, text)
  } catch {
    if (!(await findAnswer(name))) await caches.delete(name) // no room
    if (others[0] !== undefined) await caches.delete(others[0])
  }
}

/** For all viewers. */
export async function forgetArticle(id: string): Promise<void> {
  await Promise.all((await listNames()).filter(name => idOf(name) === id).map(name => caches.delete(name)))
}

/** An article that is gone on the server goes here too. */
export function forgetIfGone(id: string, err: unknown): void {
  if (canKeep() && err instanceof ApiError && (err.status === 404 || err.status === 410)) void forgetArticle(id)
}

export async function forgetAllArticles(): Promise<void> {
  if (canKeep()) await Promise.all((await listNames()).map(name => caches.delete(name)))
}

/** The newest first. */
export async function listKeptArticles(viewer: string): Promise<Article[]> {
  const answers = await Promise.all((await listNamesByAge(viewer)).toReversed().map(findAnswer))
  const found = await Promise.all(answers.map(async answer => ((await answer?.json()) as { data: Article } | undefined)?.data))
  return found.filter(article => article !== undefined)
}

const findAnswer = (name: string) => caches.match(pathOf(idOf(name)), { cacheName: name })

/** The oldest first. */
async function listNamesByAge(viewer: string): Promise<string[]> {
  const names = (await listNames()).filter(name => isOf(viewer, name))
  const keptAt = new Map<string, number>()
  for (const name of names) keptAt.set(name, Number((await findAnswer(name))?.headers.get(KEPT_AT) ?? 0))
  return names.toSorted((a, b) => (keptAt.get(a) ?? 0) - (keptAt.get(b) ?? 0))
}

const listNames = async () => (await caches.keys()).filter(name => name.startsWith(PREFIX))
const nameOf = (viewer: string, id: string) => `${PREFIX}${viewer} ${id}`
const isOf = (viewer: string, name: string) => name.startsWith(nameOf(viewer, ''))
const idOf = (name: string) => name.slice(name.lastIndexOf(' ') + 1)
const pathOf = (id: string) => `/v1_0/articles/${id}`

/** As they are shown: one that is missing is not asked for again. Only those of this server: the size of others cannot be known. */
function keepPictures(cache: Cache, text: Element): void {
  const own = [...text.querySelectorAll('img')].filter(({ src }) => URL.canParse(src) && new URL(src).origin === location.origin)
  for (const image of own.slice(0, PICTURES_MAX)) {
    const keep = () => void cache.add(image.currentSrc).catch(() => {})
    if (!image.complete) image.addEventListener('load', keep, { once: true })
    else if (image.naturalWidth > 0) keep()
  }
}
