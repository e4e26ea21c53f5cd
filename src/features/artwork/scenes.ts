// Motifs of places with something going on: a train, a market, a telescope under the stars.

import type { Random } from '../../base/seeded-random.ts'
import { box, disc, HEIGHT, line, type Motif, path, ridge, sun, WIDTH } from './shapes.ts'

const range = (count: number) => Array.from({ length: count }, (_, i) => i)
const stars = (random: Random, light: string) =>
  range(26)
    .map(() => disc(random.int(10, 630), random.int(10, 210), random.int(1, 4), light, ' opacity=".8"'))
    .join('')
const wheel = (x: number, y: number, r: number, rim: string, hub: string) => disc(x, y, r, rim) + disc(x, y, Math.round(r * 0.42), hub)

export const train: Motif = (random, { layers, light }) => {
  const windows = range(9).map(i => box(78 + i * 58, 196, 40, 34, i % 3 === random.int(0, 2) ? light : layers[0], ' rx="5"'))
  return (
    sun(random, light) +
    path(ridge(random, 190, 40), layers[0]) +
    path(ridge(random, 246, 20), layers[1]) +
    box(50, 176, 560, 92, layers[3], ' rx="18"') +
    box(50, 240, 560, 8, light) +
    windows.join('') +
    range(8)
      .map(i => disc(96 + i * 66, 272, 14, layers[2]))
      .join('') +
    box(0, 286, WIDTH, 8, layers[3]) +
    line(
      range(16)
        .map(i => `M${i * 42} 294l-12 26`)
        .join(''),
      layers[2],
      7,
    ) +
    box(0, 322, WIDTH, 38, layers[1])
  )
}

export const road: Motif = (random, { layers, light }) => {
  const bend = random.int(-70, 70)
  return (
    sun(random, light) +
    path(ridge(random, 170, 40), layers[0]) +
    path(ridge(random, 206, 16), layers[1]) +
    path(`M${310 + bend} 196h24C${360 + bend} 240 470 300 520 360H110C170 300 ${292 + bend} 250 ${310 + bend} 196z`, layers[3]) +
    line(`M${322 + bend} 204C${330 + bend} 240 322 300 316 360`, light, 6, ' stroke-dasharray="26 20"') +
    range(4)
      .map(i => box(60 + i * 30 + i * i * 4, 230 + i * 26, 5, 36, layers[2]) + box(560 - i * 26, 226 + i * 26, 5, 36, layers[2]))
      .join('')
  )
}

export const car: Motif = (random, { layers, light }) => {
  const y = random.int(0, 8)
  return (
    sun(random, light) +
    path(ridge(random, 214, 30), layers[0]) +
    box(0, 270, WIDTH, 90, layers[2]) +
    line('M0 318H640', light, 5, ' stroke-dasharray="44 30" opacity=".7"') +
    path(`M120 ${252 + y}q0 -44 48 -52l64 -8q44 -58 92 -58h62q52 0 88 58q62 6 62 60v18H120z`, layers[3]) +
    path(`M256 ${190 + y}q30 -38 68 -38h10v38zM350 ${190 + y}v-38h36q32 0 58 38z`, light, ' opacity=".85"') +
    wheel(206, 272 + y, 36, layers[1], light) +
    wheel(452, 272 + y, 36, layers[1], light)
  )
}

export const harbour: Motif = (random, { layers, light }) => {
  const boxes = range(18).map(i => {
    const [column, row] = [i % 7, Math.floor(i / 7)]
    return box(150 + column * 48, 214 - row * 30, 44, 26, random.pick([layers[0], layers[2], light]))
  })
  return (
    sun(random, light) +
    line('M86 250V70L210 100M86 70L50 110M86 70h150v28', layers[2], 8) +
    boxes.join('') +
    path('M110 244h420l-34 58H156z', layers[3]) +
    box(470, 176, 46, 68, layers[3]) +
    path(`M-40 292q40 -14 80 0${'t80 0'.repeat(9)}V360H-40z`, layers[1]) +
    path(`M-10 322q40 -12 80 0${'t80 0'.repeat(9)}V360H-10z`, layers[2], ' opacity=".7"')
  )
}

export const track: Motif = (random, { layers, light }) => {
  const lanes = range(6).map(i => `M${-40 + i * 4} ${236 + i * 24}Q320 ${150 + i * 34} 680 ${210 + i * 30}`)
  const runner = (x: number, y: number, colour: string) =>
    disc(x + 8, y - 52, 10, colour) +
    line(
      `M${x} ${y - 40}l-6 34l20 16l-4 26M${x - 6} ${y - 6}l-22 22l-16 -2M${x + 2} ${y - 34}l22 14l14 -10M${x} ${y - 34}l-20 6l-4 18`,
      colour,
      8,
    )
  return (
    sun(random, light) +
    path(ridge(random, 176, 18), layers[0]) +
    path('M-10 226Q320 140 650 200V360H-10z', layers[2]) +
    line(lanes.join(''), light, 3, ' opacity=".75"') +
    runner(random.int(170, 220), 258, layers[3]) +
    runner(random.int(300, 360), 240, layers[3]) +
    runner(random.int(450, 500), 270, layers[3])
  )
}

export const tent: Motif = (random, { layers, light, sky }) =>
  stars(random, light) +
  disc(random.int(420, 560), 78, 30, light) +
  path(ridge(random, 210, 44), layers[0]) +
  path(ridge(random, 262, 22), layers[2]) +
  path('M196 312L320 142L444 312z', layers[1]) +
  path('M320 142L444 312H372z', layers[3]) +
  path('M320 196L286 312h68z', light) +
  line('M196 312l-34 14M444 312l34 14', sky[0], 3) +
  box(0, 312, WIDTH, 48, layers[3])

export const pagoda: Motif = (random, { layers, light }) => {
  const x = random.int(250, 390)
  const roofs = range(4).map(i => {
    const [half, y] = [126 - i * 22, 246 - i * 54]
    return (
      box(x - half + 34, y, (half - 34) * 2, 40, layers[2]) +
      path(
        `M${x - half} ${y + 4}q${half * 0.5} -8 ${half * 0.62} -30h${half * 0.76}q${half * 0.12} 22 ${half * 0.62} 30q-${half} -14 -${half * 2} 0z`,
        layers[3],
      )
    )
  })
  return (
    sun(random, light) +
    path(ridge(random, 220, 40), layers[0]) +
    roofs.join('') +
    line(`M${x} 60V24`, layers[3], 7) +
    box(x - 104, 286, 208, 20, layers[3]) +
    path(ridge(random, 316, 10), layers[1])
  )
}

export const bridge: Motif = (random, { layers, light }) => {
  const arch = (x: number) => `M${x} 300a62 62 0 0 1 124 0z`
  return (
    sun(random, light) +
    path(ridge(random, 200, 36), layers[0]) +
    path('M-10 226Q320 150 650 226V300H-10z', layers[3]) +
    [24, 176, 340, 492].map(x => path(arch(x), layers[1])).join('') +
    line(
      range(15)
        .map(i => `M${20 + i * 43} ${206 - Math.round(34 * Math.sin(((i + 0.5) / 15) * Math.PI))}v-22`)
        .join(''),
      layers[2],
      6,
    ) +
    box(0, 298, WIDTH, 62, layers[1]) +
    line(
      range(8)
        .map(i => `M${random.int(0, 540)} ${312 + i * 6}h${random.int(40, 90)}`)
        .join(''),
      light,
      3,
      ' opacity=".6"',
    )
  )
}

export const market: Motif = (random, { layers, light }) => {
  const stall = (x: number) =>
    range(5)
      .map(i => path(`M${x + i * 34} 130h34v34a17 17 0 0 1 -34 0z`, i % 2 ? light : layers[2]))
      .join('') +
    box(x + 8, 164, 7, 136, layers[3]) +
    box(x + 155, 164, 7, 136, layers[3]) +
    box(x, 236, 170, 64, layers[3]) +
    range(6)
      .map(i => disc(x + 20 + i * 26, 230, random.int(11, 16), random.pick([light, layers[0], layers[1]])))
      .join('')
  return path(ridge(random, 120, 30), layers[0], ' opacity=".6"') + stall(28) + stall(234) + stall(440) + box(0, 300, WIDTH, 60, layers[1])
}

export const telescope: Motif = (random, { layers, light }) => {
  const tilt = random.int(-44, -26)
  return (
    stars(random, light) +
    disc(random.int(470, 580), random.int(50, 110), 26, light, ' opacity=".85"') +
    path(ridge(random, 290, 16), layers[2]) +
    path('M200 300a92 92 0 0 1 184 0z', layers[1]) +
    `<g transform="rotate(${tilt} 292 226)">${box(270, 206, 190, 42, layers[3], ' rx="8"')}${box(444, 198, 34, 58, layers[2], ' rx="6"')}</g>` +
    line('M292 236L244 322M292 236L340 322M292 236V322', layers[3], 9) +
    path(ridge(random, 336, 8), layers[3])
  )
}

export const globe: Motif = (random, { layers, light }) => {
  const [x, turn] = [random.int(260, 380), random.int(-12, 12)]
  const land = range(4).map(i => path(`M${x - 90 + i * 50} ${110 + (i % 2) * 70}q26 -34 58 -6q12 40 -22 52q-40 8 -36 -46z`, layers[0]))
  return (
    disc(x, 176, 146, light, ' opacity=".25"') +
    disc(x, 176, 118, layers[2]) +
    `<g transform="rotate(${turn} ${x} 176)">${land.join('')}` +
    `<ellipse cx="${x}" cy="176" rx="118" ry="36" fill="none" stroke="${light}" stroke-width="2" opacity=".6"/>` +
    `<ellipse cx="${x}" cy="176" rx="46" ry="118" fill="none" stroke="${light}" stroke-width="2" opacity=".6"/></g>` +
    path(`M${x - 60} ${HEIGHT}q60 -40 120 0z`, layers[3])
  )
}

export const reef: Motif = (random, { layers, light }) => {
  const weeds = range(12).map(i => `M${20 + i * 56} 350q${random.int(-40, 40)} -${random.int(50, 90)} 0 -${random.int(110, 180)}`)
  const fish = (x: number, y: number) => path(`M${x} ${y}q34 -28 68 0q-34 28 -68 0zm-4 0l-24 -16v32z`, light)
  return (
    range(4)
      .map(i => box(0, 60 + i * 78, WIDTH, 90, layers[i] as string, ' opacity=".45"'))
      .join('') +
    line(weeds.join(''), layers[3], 13) +
    fish(random.int(120, 220), 120) +
    fish(random.int(320, 460), 190) +
    range(8)
      .map(() => disc(random.int(30, 610), random.int(40, 240), random.int(4, 10), light, ' opacity=".4"'))
      .join('')
  )
}
