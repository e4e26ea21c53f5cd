// Decodes a BMP, which sharp does not. Compressed ones are refused: a few bytes of them can stand for any number of pixels.

import { decode } from 'bmp-ts'
import { invalid } from '../../base/problem.ts'

/** It is decoded on the thread that answers requests: 4 megapixels take some 50 ms. */
const PIXELS_MAX = 4_000_000
/** BI_RGB and BI_BITFIELDS. */
const UNCOMPRESSED = new Set([0, 3])
/** The file's head and the shortest picture head that has a compression. */
const HEAD_BYTES = 14 + 40

export function decodeBmp(input: Buffer): { data: Buffer; width: number; height: number; channels: 3 } {
  if (input.length < HEAD_BYTES || input.readUInt32LE(14) < 40) throw invalid('Invalid image.', { field: 'image' })
  const width = input.readInt32LE(18)
  const height = Math.abs(input.readInt32LE(22)) // negative: from the top down
  const bitsPerPixel = input.readUInt16LE(28)
  if (width <= 0 || height === 0 || !UNCOMPRESSED.has(input.readUInt32LE(30))) throw invalid('Invalid image.', { field: 'image' })
  if (width * height > PIXELS_MAX) throw invalid('Invalid image: it has too many pixels.', { field: 'image', reason: 'too-large' })
  if (input.length < HEAD_BYTES + (width * height * bitsPerPixel) / 8) throw invalid('Invalid image.', { field: 'image' })
  const decoded = decode(input)
  if (decoded.width !== width || decoded.height !== height) throw invalid('Invalid image.', { field: 'image' })
  const data = Buffer.allocUnsafe(width * height * 3)
  // The library's order is alpha, blue, green, red. Alpha is zero in most files, so it says nothing.
  for (let pixel = 0; pixel < width * height; pixel++) {
    data[pixel * 3] = decoded.data[pixel * 4 + 3] as number
    data[pixel * 3 + 1] = decoded.data[pixel * 4 + 2] as number
    data[pixel * 3 + 2] = decoded.data[pixel * 4 + 1] as number
  }
  return { data, width, height, channels: 3 }
}
