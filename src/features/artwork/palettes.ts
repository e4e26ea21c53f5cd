// Colour palettes. A picture uses the colours of one palette only.

export interface Palette {
  /** The background gradient, from top to bottom. */
  sky: readonly [string, string]
  /** From the farthest layer to the nearest. */
  layers: readonly [string, string, string, string]
  /** The accent: a sun or a lamp. */
  light: string
}

const palette = (sky: Palette['sky'], layers: Palette['layers'], light: string): Palette => ({ sky, layers, light })

export const PALETTES: readonly Palette[] = [
  palette(['#fdeedd', '#f6b9a2'], ['#e8937c', '#bd626c', '#743f61', '#3b2448'], '#fff6dc'), // dawn
  palette(['#e6f5f3', '#a5d6d8'], ['#6bb3bb', '#3c8299', '#225870', '#12354b'], '#fff3d4'), // sea
  palette(['#f3f6e4', '#cbdcb4'], ['#9ab888', '#638e69', '#366450', '#1d4039'], '#fbdf8d'), // forest
  palette(['#2c2452', '#8f5280'], ['#74457a', '#503168', '#352251', '#201639'], '#ffd59a'), // dusk
  palette(['#fcf5e8', '#f2dcba'], ['#dfb887', '#c38f60', '#926246', '#583b31'], '#e4572e'), // sand
  palette(['#f5f6f8', '#d7dde5'], ['#acb8c7', '#76879d', '#485a72', '#273548'], '#e9604b'), // ink
  palette(['#fbeef0', '#ecc9d1'], ['#dc9dae', '#b86f8c', '#7f4770', '#462a4e'], '#ffe8b8'), // plum
  palette(['#eaf8f2', '#c0e7d9'], ['#8fd0be', '#4ea497', '#2a7278', '#1b4655'], '#ff8f6b'), // mint
  palette(['#101c36', '#2b4674'], ['#31528a', '#243d6a', '#192b4c', '#0e1a33'], '#f6e3ae'), // night
  palette(['#fff7da', '#ffdf94'], ['#ffc457', '#f39442', '#d0603f', '#7e3433'], '#fffdf2'), // citrus
  palette(['#f3f0fc', '#d1c8f1'], ['#ab9ce0', '#806fc4', '#564a9d', '#302b65'], '#ffdfa6'), // lilac
  palette(['#f6efe6', '#e3d3bf'], ['#d98e63', '#b5573f', '#2f6f73', '#1d3f4a'], '#f4c95d'), // tile
  palette(['#eef4fb', '#bcd5f0'], ['#8bb4e2', '#4f86c6', '#2d5fa0', '#173a6b'], '#ffd166'), // sky
  palette(['#16302b', '#3f6b57'], ['#4c7d62', '#356049', '#234636', '#132b24'], '#f2d492'), // moss
]
