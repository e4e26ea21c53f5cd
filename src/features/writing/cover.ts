// The pictures above an article. Clients send `{type, images}`: type -1 takes them from the text, 0, 1 and 3 say how many.

import type { PictureAddresses } from '../../base/picture-addresses.ts'
import { invalid } from '../../base/problem.ts'

export interface CoverInput {
  type: number
  images?: unknown[]
}

const AUTO = -1
const COUNTS = new Set([0, 1, 3])
const ADDRESS_MAX = 512

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
  if (type === AUTO) return toCover(picturesIn(html).flatMap(src => pathOf(src) ?? []))
  // A known client counts the pictures up and sends 2, which is no type.
  const wanted = type === 2 && images.length === 2 ? images.slice(0, 1) : images
  const count = type === 2 ? 1 : type
  if (!COUNTS.has(count)) throw invalid('cover: type must be -1, 0, 1 or 3')
  if (wanted.length !== count) throw invalid(`cover: type ${type} needs ${count} pictures, not ${images.length}`)
  return wanted.map(image => {
    if (typeof image !== 'string' || image.length > ADDRESS_MAX) throw invalid('cover: a picture is an address')
    const path = pathOf(image) ?? (before.includes(image) ? image : undefined)
    if (path === undefined) throw invalid('cover: pictures must be uploaded to this server first')
    return path
  })
}

const toCover = (paths: string[]) => paths.slice(0, paths.length >= 3 ? 3 : 1)

/** Of sanitised HTML, so every `src` is in double quotes. */
export const picturesIn = (html: string): string[] => [...html.matchAll(/<img\b[^>]*?\bsrc="([^"]+)"/g)].map(([, src]) => src as string)
