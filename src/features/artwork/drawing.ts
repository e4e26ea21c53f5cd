// Draws SVG pictures from an id alone. A picture costs some hundredths of a millisecond (drawing.test.ts), so none is stored.

import { createSeededRandom, type Random } from '../../base/seeded-random.ts'
import { LANDSCAPES, leaves } from './landscapes.ts'
import * as objects from './objects.ts'
import { PALETTES } from './palettes.ts'
import { orbits, PATTERNS } from './patterns.ts'
import * as scenes from './scenes.ts'
import { HEIGHT, type Motif, WIDTH } from './shapes.ts'

const MOTIFS = [...LANDSCAPES, ...PATTERNS]

/** Of pictures that are asked for by name: what an article is about. */
const NAMED: ReadonlyMap<string, Motif> = new Map(Object.entries({ ...objects, ...scenes, leaves, orbits }))
export const MOTIF_NAMES: readonly string[] = [...NAMED.keys()]

/** Picture number `n` of an article, of the thing that is named, if there is one of it. The pictures of one article have one palette. */
export function drawCover({ id, n, motif: name }: { id: bigint; n: number; motif?: string }): string {
  const articleRandom = createSeededRandom('cover', id)
  const palette = articleRandom.pick(PALETTES)
  // In steps of 5, the pictures of one article never repeat a motif.
  const anyMotif = MOTIFS[(articleRandom.int(0, MOTIFS.length - 1) + 5 * n) % MOTIFS.length] as Motif
  const motif = NAMED.get(name ?? '') ?? anyMotif
  const random = createSeededRandom('picture', id, n)
  // Half of the pictures are mirrored, for variety.
  const flip = random.chance(0.5) ? ` transform="translate(${WIDTH} 0)scale(-1 1)"` : ''
  return svg(WIDTH, HEIGHT, palette.sky, `<g${flip}>${motif(random, palette)}</g>`)
}

const SIDE = 96

/** A square picture for a reader without a photo: one simple shape on a gradient. */
export function drawAvatar({ id }: { id: bigint }): string {
  const random = createSeededRandom('avatar', id)
  const { sky, layers, light } = random.pick(PALETTES)
  const [far, , near] = layers
  return svg(SIDE, SIDE, sky, random.pick(EMBLEMS)(random, far, near, light))
}

type Emblem = (random: Random, far: string, near: string, light: string) => string

const rotated = (random: Random, body: string) => `<g transform="rotate(${random.int(0, 11) * 30} 48 48)">${body}</g>`

const EMBLEMS: readonly Emblem[] = [
  // a half-shaded ball
  (random, far, near, light) =>
    rotated(random, `<circle cx="48" cy="48" r="30" fill="${far}"/><path d="M18 48a30 30 0 0 0 60 0z" fill="${near}"/>`) +
    `<circle cx="48" cy="48" r="${random.int(7, 13)}" fill="${light}"/>`,
  // two overlapping discs
  (random, far, near, light) =>
    rotated(random, `<circle cx="35" cy="48" r="23" fill="${far}"/><circle cx="61" cy="48" r="23" fill="${near}" opacity=".85"/>`) +
    `<circle cx="48" cy="48" r="7" fill="${light}"/>`,
  // an arch with a lamp
  (random, far, near, light) =>
    `<path d="M16 96V46a32 32 0 0 1 64 0v50z" fill="${far}"/><path d="M29 96V48a19 19 0 0 1 38 0v48z" fill="${near}"/>` +
    `<circle cx="48" cy="${random.int(46, 60)}" r="8" fill="${light}"/>`,
  // four petals
  (random, far, near, light) =>
    rotated(
      random,
      `<path d="M48 48V18a30 30 0 0 1 30 30z" fill="${far}"/><path d="M48 48h30a30 30 0 0 1-30 30z" fill="${near}"/>` +
        `<path d="M48 48v30a30 30 0 0 1-30-30z" fill="${far}" opacity=".7"/><path d="M48 48h-30a30 30 0 0 1 30-30z" fill="${light}"/>`,
    ),
  // hills under a moon
  (random, far, near, light) =>
    `<circle cx="${random.int(30, 66)}" cy="36" r="${random.int(11, 16)}" fill="${light}"/><path d="M0 ${random.int(56, 64)}q24 -22 48 0t48 0V96H0z" fill="${far}"/>` +
    `<path d="M0 ${random.int(72, 80)}q24 -18 48 0t48 0V96H0z" fill="${near}"/>`,
  // a leaf
  (random, far, near, light) =>
    rotated(
      random,
      `<path d="M48 12c26 16 26 56 0 72c-26-16-26-56 0-72z" fill="${far}"/><path d="M48 12c26 16 26 56 0 72z" fill="${near}"/>`,
    ) + `<circle cx="48" cy="48" r="6" fill="${light}"/>`,
  // rings around a small sun
  (random, far, near, light) =>
    `<circle cx="48" cy="48" r="33" fill="${near}"/><circle cx="${48 + random.int(-6, 6)}" cy="${48 + random.int(-6, 6)}" r="23" fill="${far}"/>` +
    `<circle cx="${48 + random.int(-9, 9)}" cy="${48 + random.int(-9, 9)}" r="11" fill="${light}"/>`,
  // a peak
  (random, far, near, light) =>
    `<circle cx="${random.pick([28, 68])}" cy="30" r="11" fill="${light}"/><path d="M48 26L92 96H4z" fill="${far}"/><path d="M48 26L92 96H${random.int(40, 60)}l10 -30z" fill="${near}"/>`,
]

function svg(width: number, height: number, [top, bottom]: readonly [string, string], body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<linearGradient id="s" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>` +
    `<path fill="url(#s)" d="M0 0h${width}v${height}H0z"/>${body}</svg>`
  )
}
