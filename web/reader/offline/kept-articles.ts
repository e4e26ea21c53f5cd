// Articles that were opened are kept in this browser, so that they can be read without a network. Each has a cache of its own, with
// the API's answer and its pictures; the service worker answers from it. The browser lists caches in the order they were made.

import { ApiError } from '../../shared/api/client.ts'
import type { Article } from '../api/types.ts'

const ARTICLES_MAX = 50
const PICTURES_MAX = 20
const PREFIX = 'article '

/** False in browsers without it, and on pages without HTTPS. */
export const canKeep = (): boolean => 'caches' in window && 'serviceWorker' in navigator

/** Also keeps the app itself, by its service worker. */
export const startServiceWorker = (): Promise<ServiceWorkerRegistration> => navigator.serviceWorker.register('/service-worker.js')

/** Replaces what was kept of it. If the browser has no room, the oldest articles go; if that is not enough, nothing is kept. */
export async function keepArticle(article: Article): Promise<void> {
  if (!canKeep() || !navigator.onLine) return
  await startServiceWorker()
  await forgetArticle(article.art_id)
  const others = await listNames()
  for (const name of others.slice(0, Math.max(0, others.length - ARTICLES_MAX + 1))) await caches.delete(name)
  try {
    const cache = await caches.open(PREFIX + article.art_id)
    await cache.put(pathOf(article.art_id), Response.json({ message: 'OK', data: article }))
    await Promise.allSettled(picturesOf(article.content).map(picture => cache.add(picture)))
  } catch {
    await forgetArticle(article.art_id) // no room
    if (others[0] !== undefined) await caches.delete(others[0])
  }
}

export const forgetArticle = (id: string): Promise<boolean> => caches.delete(PREFIX + id)

/** An article that is gone on the server goes here too. */
export function forgetIfGone(id: string, err: unknown): void {
  if (canKeep() && err instanceof ApiError && (err.status === 404 || err.status === 410)) void forgetArticle(id)
}

export async function forgetAllArticles(): Promise<void> {
  if (canKeep()) await Promise.all((await listNames()).map(name => caches.delete(name)))
}

/** The newest first. */
export async function listKeptArticles(): Promise<Article[]> {
  const found = await Promise.all((await listNames()).map(readArticle))
  return found.filter(article => article !== undefined).toReversed()
}

async function readArticle(name: string): Promise<Article | undefined> {
  const answer = await caches.match(pathOf(name.slice(PREFIX.length)), { cacheName: name })
  return ((await answer?.json()) as { data: Article } | undefined)?.data
}

const listNames = async () => (await caches.keys()).filter(name => name.startsWith(PREFIX))
const pathOf = (id: string) => `/v1_0/articles/${id}`

/** Those on this server: the size of others cannot be known. */
function picturesOf(html: string): string[] {
  const { images } = new DOMParser().parseFromString(html, 'text/html')
  return [...images]
    .map(({ src }) => src)
    .filter(src => URL.canParse(src) && new URL(src).origin === location.origin)
    .slice(0, PICTURES_MAX)
}
