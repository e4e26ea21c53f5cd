// The shapes that motifs are made of. Every motif fills 640 × 360 pixels with one palette.

import type { Random } from '../../base/seeded-random.ts'
import type { Palette } from './palettes.ts'

export const WIDTH = 640 // 16:9, twice the width of a phone's card
export const HEIGHT = 360

export type Motif = (random: Random, palette: Palette) => string

export const disc = (x: number, y: number, r: number, fill: string, attributes = '') =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"${attributes}/>`
export const path = (d: string, fill: string, attributes = '') => `<path d="${d}" fill="${fill}"${attributes}/>`

export const box = (x: number, y: number, width: number, height: number, fill: string, attributes = '') =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"${attributes}/>`
export const line = (d: string, stroke: string, width: number, attributes = '') =>
  path(d, 'none', ` stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${attributes}`)

/** A sun or moon with two haloes. */
export function sun(random: Random, light: string): string {
  const [x, y, r] = [random.int(110, 530), random.int(70, 150), random.int(26, 50)]
  return disc(x, y, r * 2.6, light, ' opacity=".14"') + disc(x, y, Math.round(r * 1.7), light, ' opacity=".22"') + disc(x, y, r, light)
}

/** A smooth ridge over points 64 apart. The curve passes through the midpoints, so it never overshoots. */
export function ridge(random: Random, y: number, rough: number): string {
  const at = Array.from({ length: 12 }, () => Math.round(y + random.between(-rough, rough)))
  const bends = at.slice(1).map((height, i) => `Q${i * 64 - 32} ${at[i]} ${i * 64} ${Math.round(((at[i] as number) + height) / 2)}`)
  return `M-64 ${HEIGHT}L-64 ${at[0]}${bends.join('')}L${WIDTH + 64} ${HEIGHT}z`
}
