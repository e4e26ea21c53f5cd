// Abstract motifs: orbits, tiles, waves of dots. A seeded random generator decides every line.

import { disc, HEIGHT, type Motif, path, sun, WIDTH } from './shapes.ts'

export const orbits: Motif = (random, { layers, light }) => {
  const [x, y] = [random.int(200, 440), random.int(140, 220)]
  const rings = [70, 118, 170, 228, 292, 362].map((r, i) => {
    const angle = random.between(0, 2 * Math.PI)
    const colour = layers[i % 4] as string
    const planet = disc(
      Math.round(x + r * Math.cos(angle)),
      Math.round(y + r * Math.sin(angle)),
      random.int(7, 22),
      i === 2 ? light : colour,
    )
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="none" stroke="${colour}" stroke-width="${i % 2 ? 1.5 : 3}" opacity=".6"/>${planet}`
  })
  return (
    disc(x, y, 330, layers[0], ' opacity=".12"') +
    disc(x, y, 196, layers[0], ' opacity=".18"') +
    rings.join('') +
    disc(x, y, 42, layers[2]) +
    disc(x, y, 27, light)
  )
}

const append = (parts: Map<string, string>, colour: string | undefined, d: string) =>
  parts.set(colour as string, parts.get(colour as string) + d)

const tiles: Motif = (random, { layers, light, sky }) => {
  const side = 80 // 8 across and 4.5 down; the first and last row are cut off
  const colours = [...layers, light, sky[0]]
  const forms = [
    (x: number, y: number) => `M${x} ${y}h80a80 80 0 0 1-80 80z`,
    (x: number, y: number) => `M${x + 80} ${y + 80}h-80a80 80 0 0 1 80-80z`,
    (x: number, y: number) => `M${x} ${y + 40}a40 40 0 0 1 80 0z`,
    (x: number, y: number) => `M${x + 40} ${y}a40 40 0 0 1 0 80z`,
    (x: number, y: number) => `M${x + 14} ${y + 40}a26 26 0 1 0 52 0a26 26 0 1 0-52 0z`,
    (x: number, y: number) => `M${x} ${y}h80l-80 80z`,
    (x: number, y: number) => `M${x} ${y + 20}h80v16h-80zM${x} ${y + 50}h80v16h-80z`,
  ]
  const backs = new Map(colours.map(colour => [colour, '']))
  const fronts = new Map(backs)
  for (let y = -20; y < HEIGHT; y += side)
    for (let x = 0; x < WIDTH; x += side) {
      const [back, front] = random.shuffle(colours)
      append(backs, back, `M${x} ${y}h80v80h-80z`)
      if (random.chance(0.88)) append(fronts, front, random.pick(forms)(x, y))
    }
  return [...backs, ...fronts].map(([colour, d]) => path(d, colour)).join('')
}

const ribbons: Motif = (random, { layers, light }) => {
  const [y, a, b] = [random.int(60, 150), random.int(-170, 20), random.int(120, 330)]
  return [...layers, light, layers[1]]
    .map((colour, i) => {
      const d = `M-40 ${y + i * 34}C180 ${y + a + i * 40} 400 ${y + b + i * 26} 690 ${y - 40 + i * 36}`
      return path(d, 'none', ` stroke="${colour}" stroke-width="${26 - i}" stroke-linecap="round"`)
    })
    .join('')
}

const arches: Motif = (random, { layers, light }) => {
  const arch = (x: number, r: number, offset: number) =>
    [0, 1, 2, 3]
      .map(i => {
        const radius = Math.round(r * (1 - i * 0.24))
        return path(
          `M${x - radius} ${HEIGHT}V${HEIGHT - r * 0.7}a${radius} ${radius} 0 0 1 ${2 * radius} 0V${HEIGHT}z`,
          layers[(i + offset) % 4] as string,
        )
      })
      .join('')
  const row = [random.int(40, 110), random.int(230, 290), random.int(400, 450), random.int(560, 610)]
  const order = random.shuffle([0, 1, 2, 3])
  return sun(random, light) + order.map(i => arch(row[i] as number, random.int(80, 140), random.int(0, 3))).join('')
}

const dots: Motif = (random, { layers, light }) => {
  const [cx, cy, wave] = [random.int(100, 540), random.int(60, 300), random.between(0.018, 0.032)]
  const byColour = layers.map(() => [] as string[])
  for (let y = 22; y < HEIGHT; y += 45)
    for (let x = 24; x < WIDTH; x += 49) {
      const swing = (Math.sin(Math.hypot(x - cx, y - cy) * wave) + 1) / 2
      const r = Math.round(3 + swing * 18)
      byColour[Math.min(3, Math.floor(swing * 4))]?.push(`M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0-${2 * r} 0`)
    }
  return byColour.map((parts, i) => path(parts.join(''), layers[i] as string)).join('') + disc(cx, cy, 30, light)
}

const contours: Motif = (random, { layers, light }) => {
  const [cx, cy] = [random.int(180, 460), random.int(120, 240)]
  const bumps = Array.from({ length: 10 }, () => random.between(0.82, 1.18))
  const rings = Array.from({ length: 9 }, (_, i) => {
    const r = 400 - i * 43
    const at = bumps.map((bump, k) => {
      const reach = r * (1 + (bump - 1) * (1.6 - i * 0.1))
      return [Math.round(cx + reach * Math.cos((k * Math.PI) / 5)), Math.round(cy + reach * 0.72 * Math.sin((k * Math.PI) / 5))] as const
    })
    const middle = (k: number) =>
      [0, 1].map(axis => Math.round(((at[k % 10]?.[axis] as number) + (at[(k + 1) % 10]?.[axis] as number)) / 2)).join(' ')
    const d = `M${middle(9)}${at.map((point, k) => `Q${point.join(' ')} ${middle(k)}`).join('')}z`
    return path(d, layers[Math.min(3, i >> 1)] as string, ` opacity=".4" stroke="${layers[3]}" stroke-width="1"`)
  })
  return rings.join('') + disc(cx, cy, 9, light)
}

const bokeh: Motif = (random, { layers, light }) =>
  Array.from({ length: 26 }, (_, i) => {
    const colour = i % 5 === 4 ? light : (layers[i % 4] as string)
    return disc(
      random.int(0, WIDTH),
      random.int(0, HEIGHT),
      random.int(14, i < 10 ? 110 : 46),
      colour,
      ` opacity="${random.pick(['.18', '.3', '.42', '.6'])}"`,
    )
  }).join('')

export const PATTERNS: readonly Motif[] = [orbits, tiles, ribbons, arches, dots, contours, bokeh]
