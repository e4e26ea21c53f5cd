// Checks an uploaded picture and encodes it anew: what is stored has a known type, no metadata, the right orientation and a
// bounded size. The content decides the type, never a name. Loaded when the first picture arrives: sharp has 20 MB.

import { fileTypeFromBuffer } from 'file-type'
import sharp, { type Sharp } from 'sharp'
import { invalid, Problem } from '../../base/problem.ts'
import { decodeBmp } from './bmp.ts'

export interface EncodedPicture {
  extension: 'jpg' | 'png' | 'gif' | 'webp'
  /** The picture itself, then its narrower copies, the narrowest first. */
  copies: { width: number; bytes: Buffer }[]
}

/** Screens show no more. A larger picture is made smaller. */
const SIDE_MAX = 2_560
/** A JPEG is decoded at a fraction of its size, so a camera's 100 megapixels take as much memory as 12. Not a progressive one. */
const JPEG_PIXELS_MAX = 110_000_000
/** Of all others, over all frames: 75 MB when decoded. */
const PIXELS_MAX = 25_000_000
const FRAMES_MAX = 500
/** Some ten times what the largest picture takes on a slow core. */
const TIMEOUT_SECONDS = 20

const INVALID = 'Invalid image.'
/** The types by content, and sharp's format for each. */
const FORMATS: Record<string, 'jpeg' | 'png' | 'gif' | 'webp' | 'heif'> = {
  jpg: 'jpeg',
  png: 'png',
  apng: 'png', // its first frame
  gif: 'gif',
  webp: 'webp',
  avif: 'heif',
}

// Memory that libvips would keep between pictures is better left to the rest of the process.
sharp.cache(false)
// One thread for each picture; the caller bounds how many are encoded at once.
sharp.concurrency(1)
// Only these decoders can be reached, whatever a file claims to be.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Heif'].map(decoder => `VipsForeignLoad${decoder}Buffer`),
})

export async function encodePicture(input: Buffer, narrowWidths: readonly number[]): Promise<EncodedPicture> {
  const type = (await fileTypeFromBuffer(input).catch(() => undefined))?.ext ?? ''
  if (type === 'heic')
    throw invalid('HEIC pictures cannot be read here. Please choose a JPEG or a PNG.', { field: 'image', reason: 'heic' })
  try {
    if (type === 'bmp') {
      const { data, ...raw } = decodeBmp(input)
      return await encodeStill(sharp(data, { raw }), 'jpg', narrowWidths)
    }
    const format = FORMATS[type]
    if (!format) throw notPicture()
    return await encode(input, format, narrowWidths)
  } catch (err) {
    throw err instanceof Problem ? err : Object.assign(notPicture(), { cause: err })
  }
}

async function encode(input: Buffer, format: string, narrowWidths: readonly number[]): Promise<EncodedPicture> {
  // Reads the head of the file only.
  const { width, height, pages = 1, hasAlpha, isProgressive, format: found } = await sharp(input).metadata()
  if (found !== format) throw notPicture()
  const frames = format === 'heif' ? 1 : pages
  if (width * height * frames > (format === 'jpeg' && !isProgressive ? JPEG_PIXELS_MAX : PIXELS_MAX)) throw tooLarge('pixels')
  if (frames > FRAMES_MAX) throw tooLarge('frames')
  if (frames > 1) return encodeAnimation(input, format as 'gif' | 'webp', width, narrowWidths)
  const picture = sharp(input, { failOn: 'error', limitInputPixels: JPEG_PIXELS_MAX }).autoOrient()
  const extension = format === 'jpeg' ? 'jpg' : format === 'webp' ? 'webp' : format === 'heif' && !hasAlpha ? 'jpg' : 'png'
  return encodeStill(picture, extension, narrowWidths)
}

const notPicture = () => invalid(INVALID, { field: 'image' })
const tooLarge = (what: string) => invalid(`Invalid image: it has too many ${what}.`, { field: 'image', reason: 'too-large' })

/** The narrower copies are made from the encoded picture: so no pixels pass through JavaScript, which would free them late. */
async function encodeStill(picture: Sharp, extension: 'jpg' | 'png' | 'webp', narrowWidths: readonly number[]): Promise<EncodedPicture> {
  picture.resize({ width: SIDE_MAX, height: SIDE_MAX, fit: 'inside', withoutEnlargement: true })
  const { data, info } = await compress(picture, extension).timeout({ seconds: TIMEOUT_SECONDS }).toBuffer({ resolveWithObject: true })
  const copies = [{ width: info.width, bytes: data }]
  for (const width of narrowWidths.filter(each => each < info.width))
    copies.push({ width, bytes: await compress(sharp(data).resize({ width }), extension).toBuffer() })
  return { extension, copies }
}

function compress(picture: Sharp, extension: EncodedPicture['extension']): Sharp {
  // Beyond a quality of 82, files grow faster than anybody sees. Less effort: a picture is encoded while its reader waits.
  if (extension === 'png') return picture.png()
  if (extension === 'webp') return picture.webp({ quality: 82, effort: 2 })
  if (extension === 'gif') return picture.gif({ effort: 3 })
  return picture.flatten({ background: 'white' }).jpeg({ quality: 82 })
}

async function encodeAnimation(
  input: Buffer,
  extension: 'gif' | 'webp',
  width: number,
  narrowWidths: readonly number[],
): Promise<EncodedPicture> {
  const copies = []
  for (const each of [Math.min(width, SIDE_MAX), ...narrowWidths.filter(narrow => narrow < width)]) {
    const frames = sharp(input, { failOn: 'error', pages: -1, limitInputPixels: PIXELS_MAX })
    if (each < width) frames.resize({ width: each })
    copies.push({ width: each, bytes: await compress(frames, extension).timeout({ seconds: TIMEOUT_SECONDS }).toBuffer() })
  }
  return { extension, copies }
}
