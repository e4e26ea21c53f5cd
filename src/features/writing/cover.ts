// The pictures above an article. Clients send `{type, images}`: type -1 takes them from the text, 0, 1 and 3 say how many.

import type { PictureAddresses } from '../../base/picture-addresses.ts'
import { invalid } from '../../base/problem.ts'

export interface CoverInput {
  type: number
  images?: unknown[]
}

export const AUTO_COVER = -1
export const PICTURES_MAX = 3
const refuse = (message: string, reason?: string) => invalid(`cover: ${message}`, { field: 'cover', reason })
export const notUploaded = () => refuse('pictures must be uploaded to this server first', 'not-uploaded')
const COUNTS = new Set([0, 1, PICTURES_MAX])
export const PICTURE_ADDRESS_MAX = 512

/**
 * The paths to store: none, one or three. A picture must be on this server, unless the article had it before: imported ones
 * have pictures elsewhere. Throws `invalid`.
 */
export function parseCover(
  { type, images = [] }: CoverInput,
  html: string,
  before: string[],
  { pathOf }: Pick<PictureAddresses, 'pathOf'>,
): string[] {
  if (type === AUTO_COVER) return toCover(picturesIn(html).flatMap(src => pathOf(src) ?? []))
  // A known client counts the pictures up and sends 2, which is no type.
  const isCountedUp = type === 2 && images.length === 2
  const wanted = isCountedUp ? images.slice(0, 1) : images
  const count = isCountedUp ? 1 : type
  if (!COUNTS.has(count)) throw refuse('type must be -1, 0, 1 or 3')
  if (wanted.length !== count) throw refuse(`type ${type} needs ${count} ${count === 1 ? 'picture' : 'pictures'}, not ${images.length}`)
  return wanted.map(image => {
    if (typeof image !== 'string' || image.length > PICTURE_ADDRESS_MAX) throw refuse('a picture is an address')
    const path = pathOf(image) ?? (before.includes(image) ? image : undefined)
    if (path === undefined) throw notUploaded()
    return path
  })
}

/** One picture or three. */
export const toCover = (paths: string[]) => paths.slice(0, paths.length >= PICTURES_MAX ? PICTURES_MAX : 1)

/** Of sanitised HTML, so every `src` is in double quotes. */
const picturesIn = (html: string): string[] => [...html.matchAll(/<img\b[^>]*?\bsrc="([^"]+)"/g)].map(([, src]) => src as string)
