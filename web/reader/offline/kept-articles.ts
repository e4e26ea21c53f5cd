// Articles that were opened are kept in this browser, so that they can be read without a network. Each has a cache of its own, named
// after the viewer, with the API's answer and its pictures; the service worker answers from it. The browser lists caches in the order
// they were made.

import { ApiError } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import type { Article } from '../api/types.ts'

const ARTICLES_MAX = 50
const PICTURES_MAX = 20
const PREFIX = 'article '

/** False in browsers without it, and on pages without HTTPS. */
export const canKeep = (): boolean => 'caches' in window && 'serviceWorker' in navigator

/** Also keeps the app itself, by its service worker. */
export const startServiceWorker = (): Promise<ServiceWorkerRegistration> => navigator.serviceWorker.register('/service-worker.js')

/**
 * Replaces what was kept of it, and what was kept for other viewers. `text` shows it. If the browser has no room, the oldest article
 * goes, and this one is kept when it is opened again.
 */
export async function keepArticle(viewer: string, article: Article, text: Element | null): Promise<void> {
  if (!canKeep() || !navigator.onLine) return
  await startServiceWorker()
  await forgetArticle(article.art_id)
  const names = await listNames()
  const others = names.filter(name => isOf(viewer, name))
  if (viewer !== currentViewer()) return
  for (const name of names) if (!isOf(viewer, name)) await caches.delete(name)
  for (const name of others.slice(0, Math.max(0, others.length - ARTICLES_MAX + 1))) await caches.delete(name)
  try {
    const cache = await caches.open(nameOf(viewer, article.art_id))
    // Signing out meanwhile has deleted only the caches that were there.
    if (viewer !== currentViewer()) return void (await caches.delete(nameOf(viewer, article.art_id)))
    await cache.put(pathOf(article.art_id), Response.json({ message: 'OK', data: article }))
    if (text) keepPictures(cache, text)
  } catch {
    await forgetArticle(article.art_id) // no room
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
  const found = await Promise.all((await listNames()).filter(name => isOf(viewer, name)).map(readArticle))
  return found.filter(article => article !== undefined).toReversed()
}

async function readArticle(name: string): Promise<Article | undefined> {
  const answer = await caches.match(pathOf(idOf(name)), { cacheName: name })
  return ((await answer?.json()) as { data: Article } | undefined)?.data
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
