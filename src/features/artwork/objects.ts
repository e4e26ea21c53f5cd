// Motifs of things that articles are about: a chip, a bowl, a stage. Each is a still life in front of a horizon.

import type { Palette } from './palettes.ts'
import { box, disc, HEIGHT, line, type Motif, path, sun, WIDTH } from './shapes.ts'

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

/** A surface for a thing to stand on, from `y` down. */
const table = ({ layers }: Palette, y: number) => box(0, y, WIDTH, HEIGHT - y, layers[1]) + box(0, y, WIDTH, 8, layers[2], ' opacity=".5"')

export const chip: Motif = (random, { layers, light }) => {
  const traces = range(16).map(i => {
    const [x, y] = [40 + i * 38, random.pick([30, 60, 300, 330])]
    return `M${x} ${y}V${y < 180 ? 120 : 240}L${320 + (i - 8) * 14} ${y < 180 ? 150 : 210}`
  })
  const pins = range(7).flatMap(i => [
    `M${236 + i * 28} 84v22`,
    `M${236 + i * 28} 254v22`,
    `M214 ${102 + i * 26}h22`,
    `M404 ${102 + i * 26}h22`,
  ])
  return (
    line(traces.join(''), layers[0], 3) +
    line(pins.join(''), layers[2], 8) +
    box(232, 104, 176, 152, layers[3], ' rx="12"') +
    box(268, 136, 104, 88, layers[1], ' rx="6"') +
    disc(random.int(285, 355), random.int(150, 210), 12, light)
  )
}

export const robot: Motif = (random, palette) => {
  const { layers, light } = palette
  const look = random.int(-8, 8)
  return (
    table(palette, 292) +
    line('M320 96V66', layers[3], 6) +
    disc(320, 58, 11, light) +
    box(240, 96, 160, 104, layers[3], ' rx="30"') +
    disc(288 + look, 148, 17, light) +
    disc(352 + look, 148, 17, light) +
    box(258, 208, 124, 84, layers[2], ' rx="18"') +
    line('M258 226q-44 8 -46 54M382 226q44 8 46 54', layers[2], 14) +
    disc(320, 248, 9, light)
  )
}

export const servers: Motif = (random, { layers, light }) =>
  range(4)
    .map(i => {
      const x = 70 + i * 132
      const rows = range(6).map(k => box(x + 12, 92 + k * 40, 84, 26, layers[2], ' rx="4"'))
      const lamps = range(6).map(k => disc(x + 82, 105 + k * 40, 5, random.chance(0.6) ? light : layers[0]))
      return box(x, 76, 108, 260, layers[3], ' rx="8"') + rows.join('') + lamps.join('')
    })
    .join('') + box(0, 336, WIDTH, 24, layers[1])

export const chart: Motif = (random, { layers, light }) => {
  let at = random.int(200, 260)
  const points = range(9).map(i => {
    at = Math.max(60, Math.min(290, at + random.int(-46, 30)))
    return [56 + i * 66, at] as const
  })
  const bars = points.map(([x, y]) => box(x - 18, y + 26, 36, 340 - y - 26, layers[1], ' opacity=".55" rx="4"'))
  const [lastX, lastY] = points.at(-1) as readonly [number, number]
  return (
    line(
      range(4)
        .map(i => `M30 ${80 + i * 70}h580`)
        .join(''),
      layers[0],
      1.5,
    ) +
    bars.join('') +
    line(`M${points.map(point => point.join(' ')).join('L')}`, layers[3], 7) +
    disc(lastX, lastY, 14, light)
  )
}

export const coins: Motif = (random, palette) => {
  const { layers, light } = palette
  const stack = (x: number, height: number) =>
    range(height)
      .map(i => box(x, 286 - i * 20, 104, 17, i % 2 ? layers[2] : layers[3], ' rx="8"'))
      .join('') + box(x, 286 - height * 20, 104, 17, light, ' rx="8"')
  return table(palette, 300) + [70, 200, 330, 460].map((x, i) => stack(x, random.int(2 + i, 5 + i * 2))).join('')
}

export const ball: Motif = (random, { layers, light }) => {
  const x = random.int(220, 420)
  return (
    box(0, 236, WIDTH, 124, layers[1]) +
    line(`M0 270H640M320 236V360M${x - 150} 360q150 -110 300 0`, light, 4, ' opacity=".7"') +
    `<ellipse cx="${x}" cy="302" rx="84" ry="14" fill="${layers[3]}" opacity=".35"/>` +
    disc(x, 206, 88, light) +
    path(`M${x} 166l34 25l-13 40h-42l-13 -40z`, layers[3]) +
    line(`M${x} 166V120M${x + 34} 191l44 -15M${x + 21} 231l27 38M${x - 21} 231l-27 38M${x - 34} 191l-44 -15`, layers[3], 6)
  )
}

export const bowl: Motif = (random, palette) => {
  const { layers, light } = palette
  const steam = range(3).map(i => `M${250 + i * 70} 138q${random.int(-30, -14)} -24 0 -48t0 -${random.int(40, 58)}`)
  return (
    table(palette, 296) +
    line(steam.join(''), layers[0], 9, ' opacity=".7"') +
    `<ellipse cx="320" cy="176" rx="150" ry="26" fill="${light}"/>` +
    line(
      range(5)
        .map(i => `M${216 + i * 42} 176q21 -18 42 0`)
        .join(''),
      layers[1],
      6,
    ) +
    path('M170 176a150 120 0 0 0 300 0z', layers[3]) +
    path('M182 214h276l-10 20h-256z', layers[2]) +
    line('M410 168L560 70M424 174L580 92', layers[2], 8)
  )
}

export const basket: Motif = (random, palette) => {
  const { layers, light } = palette
  const fruit = range(13).map(i =>
    disc(180 + (i % 7) * 46 + (i > 6 ? 22 : 0), i > 6 ? 142 : 178, random.int(26, 34), random.pick([layers[0], layers[2], light])),
  )
  const weave = range(5).map(i => `M${172 + i * 8} ${212 + i * 20}H${468 - i * 8}`)
  return table(palette, 300) + fruit.join('') + path('M150 190h340l-44 118h-252z', layers[3]) + line(weave.join(''), layers[1], 5)
}

export const loaf: Motif = (random, palette) => {
  const { layers, light } = palette
  const cuts = range(4).map(i => `M${222 + i * 56} ${206 - random.int(0, 8)}l44 -56`)
  return (
    table(palette, 286) +
    path('M150 286q-34 -150 110 -156h120q144 6 110 156z', layers[2]) +
    line(cuts.join(''), light, 11) +
    line('M90 286h460', layers[3], 10)
  )
}

export const stage: Motif = (random, { layers, light }) => {
  const x = random.int(240, 400)
  const folds = (left: number) => range(5).map(i => `M${left + i * 22} 0V${300 - i * 6}`)
  return (
    path(`M${x} -20L${x - 110} 300h220z`, light, ' opacity=".35"') +
    `<ellipse cx="${x}" cy="302" rx="112" ry="18" fill="${light}" opacity=".8"/>` +
    disc(x, 200, 16, layers[3]) +
    path(`M${x - 24} 300l10 -80h28l10 80z`, layers[3]) +
    box(0, 300, WIDTH, 60, layers[3]) +
    path('M0 0h130q-16 170 -60 300H0z', layers[1]) +
    path('M640 0h-130q16 170 60 300h70z', layers[1]) +
    line([...folds(14), ...folds(538)].join(''), layers[2], 5, ' opacity=".6"')
  )
}

export const screen: Motif = (random, { layers, light }) => {
  const heads = range(9).flatMap(i => [disc(38 + i * 72, 318, 22, layers[3]), box(12 + i * 72, 336, 52, 30, layers[3], ' rx="14"')])
  const x = random.int(200, 400)
  return (
    box(90, 36, 460, 226, layers[3], ' rx="6"') +
    box(102, 48, 436, 202, layers[0]) +
    disc(x, 128, 34, light) +
    path('M102 250v-60q90 -50 180 -10t256 -20v90z', layers[1]) +
    heads.join('')
  )
}

export const record: Motif = (random, palette) => {
  const { layers, light } = palette
  const x = random.int(260, 320)
  return (
    table(palette, 316) +
    disc(x, 180, 138, layers[3]) +
    [112, 92, 72].map(r => `<circle cx="${x}" cy="180" r="${r}" fill="none" stroke="${layers[2]}" stroke-width="3"/>`).join('') +
    disc(x, 180, 44, light) +
    disc(x, 180, 8, layers[3]) +
    line(`M${x + 190} 60q20 90 -60 150`, layers[2], 10) +
    disc(x + 190, 60, 18, layers[2])
  )
}

export const books: Motif = (random, palette) => {
  const { layers, light } = palette
  const colours = [layers[0], layers[2], layers[3], light]
  const parts: string[] = []
  for (let x = 70, i = 0; x < 540; i++) {
    const [width, height] = [random.int(30, 58), random.int(130, 214)]
    const lean = random.chance(0.15) ? ` transform="rotate(8 ${x} 300)"` : ''
    parts.push(
      box(x, 300 - height, width, height, colours[i % 4] as string, ` rx="3"${lean}`),
      box(x + 6, 300 - height + 22, width - 12, 7, layers[1]),
    )
    x += width + random.int(1, 6)
  }
  return table(palette, 300) + parts.join('')
}

export const blackboard: Motif = (random, palette) => {
  const { layers, light } = palette
  const words = range(4).map(i => `M130 ${92 + i * 38}q20 -16 40 0t40 0t40 0h${random.int(20, 120)}`)
  return (
    box(78, 44, 484, 214, layers[2], ' rx="6"') +
    box(90, 56, 460, 190, layers[3]) +
    line(words.join(''), light, 5, ' opacity=".85"') +
    `<circle cx="470" cy="130" r="42" fill="none" stroke="${light}" stroke-width="5"/>` +
    table(palette, 300) +
    box(140, 288, 60, 12, light, ' rx="4"')
  )
}

export const scroll: Motif = (random, palette) => {
  const { layers, light } = palette
  const columns = range(11).map(i => `M${190 + i * 26} 96v${random.int(90, 158)}`)
  return (
    table(palette, 322) +
    box(150, 74, 340, 208, light) +
    line(columns.join(''), layers[2], 7, ' stroke-dasharray="13 8"') +
    box(446, 226, 34, 34, '#b23a2e', ' rx="3" opacity=".85"') +
    box(130, 56, 26, 244, layers[3], ' rx="12"') +
    box(484, 56, 26, 244, layers[3], ' rx="12"')
  )
}

export const pulse: Motif = (random, { layers, light }) => {
  const peak = random.int(190, 380)
  return (
    sun(random, light) +
    path(
      'M320 306C150 196 120 130 170 88c50 -42 120 -18 150 38c30 -56 100 -80 150 -38c50 42 20 108 -150 218z',
      layers[1],
      ' opacity=".55"',
    ) +
    line(`M0 200H${peak - 50}l26 -30l26 100l36 -170l34 136l22 -36H640`, layers[3], 9)
  )
}

export const bed: Motif = (random, { layers, light }) => {
  const moon = random.int(440, 540)
  return (
    path(`M${moon} 40a52 52 0 1 0 44 84a42 42 0 0 1 -44 -84z`, light) +
    range(9)
      .map(() => disc(random.int(40, 600), random.int(24, 130), random.int(2, 4), light))
      .join('') +
    box(90, 176, 24, 150, layers[3], ' rx="8"') +
    box(110, 196, 120, 60, light, ' rx="22"') +
    path('M110 236q130 -50 240 -8t200 8v58H110z', layers[2]) +
    box(110, 288, 446, 26, layers[3], ' rx="6"') +
    box(536, 220, 22, 106, layers[3], ' rx="8"')
  )
}
