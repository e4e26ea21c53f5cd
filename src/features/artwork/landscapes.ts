// Motifs of places: hills, a sea, a town. A seeded random generator decides every line.

import type { Random } from '../../base/seeded-random.ts'
import { disc, HEIGHT, type Motif, path, ridge, sun, WIDTH } from './shapes.ts'

const hills: Motif = (random, { layers, light }) =>
  sun(random, light) +
  layers.map((colour, i) => path(ridge(random, 190 + i * 48, 46 - i * 7), colour, i < 2 ? ' opacity=".85"' : '')).join('') +
  flock(random, layers[3])

function flock(random: Random, colour: string): string {
  const [x, y] = [random.int(140, 460), random.int(50, 110)]
  const birds = Array.from({ length: random.int(0, 5) }, (_, i) => `M${x + i * 24} ${y + random.int(-14, 14)}q6 -7 10 0q6 -7 10 0`)
  return birds.length ? path(birds.join(''), 'none', ` stroke="${colour}" stroke-width="2" stroke-linecap="round"`) : ''
}

const peaks: Motif = (random, { layers, light }) => {
  const range = layers.slice(0, 3).map((colour, i) => {
    const shade = layers[i + 1] as string
    const tops = Array.from({ length: 4 - i }, (_, k) => ({
      x: Math.round(((k + random.between(0.2, 0.8)) * 700) / (4 - i)) - 30,
      h: random.int(130, 190) - i * 34,
    }))
    return tops
      .map(({ x, h }) => {
        const [y, w, snow] = [300 + i * 30 - h, Math.round(h * 1.15), Math.round(h * 0.24)]
        return (
          path(`M${x} ${y}L${x - w} ${y + h + 80}H${x + w}z`, colour) +
          path(`M${x} ${y}L${x + w} ${y + h + 80}H${x - 14}l22 ${-Math.round(h * 0.5)}l-18 -22z`, shade, ' opacity=".55"') +
          path(
            `M${x} ${y}l${-snow} ${snow * 1.2}l${snow * 0.7} ${-snow * 0.3}l${snow * 0.4} ${snow * 0.5}l${snow * 0.5} ${-snow * 0.6}l${snow * 0.4} ${snow * 0.4}z`,
            '#fff',
            ' opacity=".75"',
          )
        )
      })
      .join('')
  })
  return sun(random, light) + range.join('') + path(ridge(random, 322, 12), layers[3])
}

const sea: Motif = (random, { layers, light }) => {
  const x = random.int(200, 440)
  const glints = Array.from({ length: 9 }, (_, i) => {
    const w = Math.round(random.between(0.4, 1) * (110 - i * 7))
    return `M${x - w / 2 + random.int(-16, 16)} ${206 + i * 15}h${w}`
  })
  const swell = (y: number, step: number) =>
    `M${-random.int(0, step)} ${y}q${step / 4} -9 ${step / 2} 0${`t${step / 2} 0`.repeat(Math.ceil((2 * WIDTH) / step) + 2)}V${HEIGHT}H-200z`
  return (
    disc(x, 150, 88, light, ' opacity=".25"') +
    disc(x, 160, 54, light) +
    layers.map((colour, i) => path(swell(190 + i * 42, 110 + i * 44), colour, ' opacity=".92"')).join('') +
    path(glints.join(''), 'none', ` stroke="${light}" stroke-width="3" stroke-linecap="round" opacity=".6"`)
  )
}

const skyline: Motif = (random, { layers, light }) => {
  const rows = [layers[0], layers[1], layers[3]].map((colour, i) => {
    const houses: string[] = []
    const windows: string[] = []
    for (let x = -10; x < WIDTH; ) {
      const [w, h] = [random.int(34, 66), random.int(90, 220) - i * 34]
      const top = HEIGHT - h
      houses.push(
        `M${x} ${HEIGHT}V${top}${random.chance(0.3) ? `l${w / 2} -18l${w / 2} 18` : random.chance(0.3) ? `h${w / 2 - 2}v-26h3v26H${x + w}` : `h${w}`}V${HEIGHT}z`,
      )
      if (i > 0)
        for (let y = top + 12; y < HEIGHT - 20; y += 21)
          for (let k = x + 8; k < x + w - 9; k += 14) if (random.chance(0.3)) windows.push(`M${k} ${y}h6v9h-6z`)
      x += w + random.int(0, 9)
    }
    return path(houses.join(''), colour) + (windows.length ? path(windows.slice(0, 90).join(''), light, ' opacity=".85"') : '')
  })
  return sun(random, light) + rows.join('')
}

const dunes: Motif = (random, { layers, light }) => {
  const sweep = (y: number, colour: string) => {
    const [a, b, c] = [random.int(60, 240), random.int(330, 560), random.int(-70, 50)]
    const crest = (down: number) => `M0 ${y + down}C${a} ${y - 90 + down * 2} ${b} ${y + 80 + down} ${WIDTH} ${y + c + down}V${HEIGHT}H0z`
    return path(crest(0), colour) + path(crest(22), '#000', ' opacity=".06"')
  }
  return sun(random, light) + layers.map((colour, i) => sweep(176 + i * 50, colour)).join('')
}

function stem(x: number, lean: number, height: number, colour: string): string {
  const parts: string[] = []
  for (let i = 0; i < 7; i++) {
    const t = (i + 1.4) / 8
    const [px, py] = [Math.round(x + lean * t * t), Math.round(HEIGHT + 10 - height * t)]
    const [w, h] = [Math.round(62 * (1.15 - t)), Math.round(40 * (1.2 - t))]
    parts.push(
      `M${px} ${py}q${w * 0.4} ${-h} ${w} ${-h}q-6 ${h * 0.9}-${w} ${h}z`,
      `M${px} ${py}q${-w * 0.4} ${-h} ${-w} ${-h}q6 ${h * 0.9} ${w} ${h}z`,
    )
  }
  const tip = `M${x} ${HEIGHT + 10}Q${x} ${HEIGHT - height * 0.5} ${x + lean} ${HEIGHT + 10 - height}`
  return path(parts.join(''), colour) + path(tip, 'none', ` stroke="${colour}" stroke-width="3" stroke-linecap="round"`)
}

export const leaves: Motif = (random, { layers, light }) => {
  const stems = [0, 1, 2, 3, 4].map(i =>
    stem(50 + i * 132 + random.int(-30, 30), random.int(-60, 60), random.int(170, 330), layers[(i * 3 + 1) % 4] as string),
  )
  return sun(random, light) + stems.join('')
}

export const LANDSCAPES: readonly Motif[] = [hills, sea, peaks, skyline, leaves, dunes]
