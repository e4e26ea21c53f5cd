// Two hundred pictures that an attacker, or a phone, may send. `refused`: nothing of it may be stored. The others may be stored
// if the result is clean.

import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { createSeededRandom } from '../../base/seeded-random.ts'

export interface HostilePicture {
  what: string
  bytes: Buffer
  refused: boolean
}

/** No stored picture may contain it. */
export const PAYLOAD = '<script>alert(document.domain)</script>'

export async function makeHostilePictures(seed: number): Promise<HostilePicture[]> {
  const good = await makeGoodPictures()
  return [
    ...bombs(good),
    await progressiveBomb(),
    ...liesAboutType(),
    ...truncated(good),
    ...polyglots(good),
    ...(await withMetadata()),
    ...flipped(good, seed),
  ]
}

type Good = Record<'jpg' | 'png' | 'gif' | 'webp' | 'avif' | 'bmp', Buffer>

async function makeGoodPictures(): Promise<Good> {
  const noise = Buffer.from(Array.from({ length: 96 * 64 * 3 }, (_, i) => (i * 7919) % 251))
  const picture = () => sharp(noise, { raw: { width: 96, height: 64, channels: 3 } })
  return {
    jpg: await picture().jpeg().toBuffer(),
    png: await picture().png().toBuffer(),
    gif: await picture().gif().toBuffer(),
    webp: await picture().webp().toBuffer(),
    avif: await picture().avif({ effort: 0 }).toBuffer(),
    bmp: makeBmp(8, 8),
  }
}

const refused = (what: string, bytes: Buffer): HostilePicture => ({ what, bytes, refused: true })
const cleaned = (what: string, bytes: Buffer): HostilePicture => ({ what, bytes, refused: false })

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data])
  const head = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc(named))
  return Buffer.concat([head, named, sum])
}

function crc(bytes: Buffer): number {
  let value = 0xffff_ffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1
  }
  return (value ^ 0xffff_ffff) >>> 0
}

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

function makePng(width: number, height: number, rows = height): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([1, 0, 0, 0, 0], 8) // one bit a pixel
  const pixels = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * rows))
  return Buffer.concat([PNG_SIGNATURE, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

function makeGif(width: number, height: number, frames: number): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt16LE(width, 0)
  size.writeUInt16LE(height, 2)
  const frame = Buffer.concat([
    Buffer.from('21f9040000000000', 'hex'),
    Buffer.from('2c00000000', 'hex'),
    Buffer.from('01000100', 'hex'),
    Buffer.from('0002024401', 'hex'),
    Buffer.of(0),
  ])
  return Buffer.concat([
    Buffer.from('GIF89a'),
    size,
    Buffer.from('800000', 'hex'),
    Buffer.from('000000ffffff', 'hex'),
    ...Array<Buffer>(frames).fill(frame),
    Buffer.from(';'),
  ])
}

export function makeBmp(width: number, height: number, { compression = 0, claimed = [width, height] } = {}): Buffer {
  const head = Buffer.alloc(54)
  head.write('BM')
  head.writeUInt32LE(54, 10)
  head.writeUInt32LE(40, 14)
  head.writeInt32LE(claimed[0] as number, 18)
  head.writeInt32LE(claimed[1] as number, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(24, 28)
  head.writeUInt32LE(compression, 30)
  const rowBytes = Math.ceil((width * 3) / 4) * 4
  return Buffer.concat([head, Buffer.alloc(rowBytes * height, 0x7f)])
}

function bombs({ jpg, webp, avif }: Good): HostilePicture[] {
  const replaced = (bytes: Buffer, at: number, hex: string) => {
    const copy = Buffer.from(bytes)
    copy.set(Buffer.from(hex, 'hex'), at)
    return copy
  }
  const frameHead = jpg.indexOf(Buffer.from('ffc0', 'hex'))
  const sizeBox = avif.indexOf('ispe')
  return [
    ...[8_000, 16_384, 30_000].map(side => refused(`a PNG of ${side} × ${side}`, makePng(side, side))),
    ...[16_384, 65_535, 2 ** 31 - 1].map(side => refused(`a PNG that claims ${side} × ${side}`, makePng(side, side, 1))),
    refused('a PNG one pixel high and endlessly wide', makePng(1_000_000_000, 1, 0)),
    ...[1_000, 10_000].map(frames => refused(`a GIF of ${frames} frames`, makeGif(16, 16, frames))),
    refused('a GIF of 1000 × 1000 and 100 frames', makeGif(1_000, 1_000, 100)),
    // Its decoder takes the size of the frames in place of such a size, and of none.
    ...[0, 4_000, 65_535].map(side => cleaned(`a GIF of frames of one pixel that claims ${side} × ${side}`, makeGif(side, side, 2))),
    refused('a JPEG that claims 65500 × 65500', replaced(jpg, frameHead + 5, 'ffdcffdc')),
    refused('a JPEG of no pixels', replaced(jpg, frameHead + 5, '00000000')),
    refused('a WebP that claims 16383 × 16383', replaced(webp, 26, 'ff3fff3f')),
    refused('an AVIF that claims 65535 × 65535', replaced(avif, sizeBox + 8, '0000ffff0000ffff')),
    refused('a BMP that claims 30000 × 30000', makeBmp(1, 1, { claimed: [30_000, 30_000] })),
    refused('a BMP that claims a negative width', makeBmp(1, 1, { claimed: [-5, 5] })),
    refused('a BMP with run-length compression', makeBmp(8, 8, { compression: 1 })),
    refused('a BMP without its pixels', makeBmp(500, 500).subarray(0, 60)),
  ]
}

/** All its coefficients are in memory before the first pixel is. */
async function progressiveBomb(): Promise<HostilePicture> {
  const large = sharp({ create: { width: 6_000, height: 5_000, channels: 3, background: '#777' } })
  return refused('a progressive JPEG of 30 megapixels', await large.jpeg({ progressive: true, quality: 10 }).toBuffer())
}

function liesAboutType(): HostilePicture[] {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${PAYLOAD}</svg>`
  const texts: Record<string, string> = {
    nothing: '',
    'one byte': 'x',
    HTML: `<!doctype html><html>${PAYLOAD}</html>`,
    'SVG with a script': svg,
    'SVG after an XML head': `<?xml version="1.0"?>${svg}`,
    'SVG after a byte order mark': `\uFEFF${svg}`,
    'SVG that loads a file': '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    'XML with entities': '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
    JavaScript: 'alert(1)',
    'a shell script': '#!/bin/sh\nrm -rf /',
    PHP: '<?php system($_GET["c"]); ?>',
    'a PDF': '%PDF-1.7\n1 0 obj\n<</JS (app.alert(1))>>',
    PostScript: '%!PS-Adobe-3.0\n(/etc/passwd) (r) file',
    'an ImageMagick script': "push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://x/|id)'",
    'a portable pixmap': `P6 4 4 255\n${'x'.repeat(48)}`,
    'a CSV of pixels': '1,2,3\n4,5,6\n',
    'a Radiance picture': '#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 4\n',
    'an X pixmap': '/* XPM */ static char *x[] = {"1 1 1 1", "a c #000"};',
    base64: Buffer.from('GIF89a').toString('base64'),
  }
  const binaries: Record<string, string> = {
    'a zip': '504b0304',
    'a gzip': '1f8b0800',
    'an ELF program': '7f454c46',
    'a Windows program': '4d5a9000',
    'a TIFF': '49492a0008000000',
    'a Photoshop file': '38425053',
    'an icon': '00000100',
    'an MP4': '00000018667479706d703432',
    'an MP3': '494433',
    'a JPEG 2000': '0000000c6a5020200d0a870a',
    'a JPEG XL': 'ff0a',
    'an OpenEXR': '762f3101',
    'only the head of a JPEG': 'ffd8ffe0',
    'only the head of a PNG': '89504e470d0a1a0a',
    'only the head of a WebP': '524946460000000057454250',
    'only the head of a BMP': '424d',
    'HEIC from a phone': '0000001866747970686569630000000068656963',
    HEIF: '00000018667479706d6966310000000068656963',
  }
  return [
    ...Object.entries(texts).map(([what, text]) => refused(what, Buffer.from(text))),
    ...Object.entries(binaries).map(([what, hex]) => refused(what, Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(200)]))),
  ]
}

const truncated = (good: Good): HostilePicture[] =>
  (['jpg', 'png', 'webp', 'bmp'] as const).flatMap(type =>
    [0.3, 0.5, 0.7, 0.9].map(share => refused(`${share} of a ${type}`, good[type].subarray(0, Math.floor(good[type].length * share)))),
  )

function polyglots({ jpg, png, gif, webp }: Good): HostilePicture[] {
  const script = Buffer.from(PAYLOAD)
  const comment = Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from([0, script.length + 2]), script])
  const text = chunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), script]))
  const [jpgHead, jpgRest] = [jpg.subarray(0, 2), jpg.subarray(2)]
  const end = png.length - 12
  return [
    cleaned('a JPEG with HTML behind it', Buffer.concat([jpg, script])),
    cleaned('a JPEG with a comment', Buffer.concat([jpgHead, comment, jpgRest])),
    cleaned('a JPEG with a zip behind it', Buffer.concat([jpg, Buffer.from('504b0304', 'hex'), script])),
    cleaned('a PNG with HTML behind it', Buffer.concat([png, script])),
    cleaned('a PNG with a text', Buffer.concat([png.subarray(0, end), text, png.subarray(end)])),
    cleaned('a GIF with HTML behind it', Buffer.concat([gif, script])),
    cleaned('a WebP with HTML behind it', Buffer.concat([webp, script])),
    refused('JavaScript that begins as a GIF', Buffer.from(`GIF89a=1;${PAYLOAD}`)),
    refused('HTML that begins as a PNG', Buffer.concat([PNG_SIGNATURE, script])),
    refused('HTML before a JPEG', Buffer.concat([script, jpg])),
  ]
}

async function withMetadata(): Promise<HostilePicture[]> {
  const exif = {
    IFD0: { Copyright: PAYLOAD, Make: 'alice' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 4366/100' },
  }
  const plain = () => sharp({ create: { width: 40, height: 20, channels: 3, background: '#c33' } })
  const found: HostilePicture[] = []
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8])
    found.push(
      cleaned(
        `a JPEG with GPS, orientation ${orientation}`,
        await plain().withExif(exif).withMetadata({ orientation, exif }).jpeg().toBuffer(),
      ),
    )
  found.push(cleaned('a WebP with GPS', await plain().withExif(exif).webp().toBuffer()))
  found.push(cleaned('a PNG with GPS', await plain().withExif(exif).png().toBuffer()))
  found.push(cleaned('a JPEG with a colour profile', await plain().withIccProfile('p3').jpeg().toBuffer()))
  found.push(cleaned('a JPEG in CMYK', await plain().toColourspace('cmyk').jpeg().toBuffer()))
  found.push(cleaned('a PNG of 16 bits', await plain().toColourspace('rgb16').png().toBuffer()))
  return found
}

/** Bytes changed at random, often in places where lengths and sizes stand. */
function flipped(good: Good, seed: number): HostilePicture[] {
  const random = createSeededRandom(seed)
  return Object.entries(good).flatMap(([type, bytes]) =>
    Array.from({ length: 18 }, (_, n) => {
      const copy = Buffer.from(bytes)
      const within = n % 2 === 0 ? Math.min(200, copy.length) : copy.length
      for (let i = 0; i < 1 + (n % 6); i++) copy[Math.floor(random.next() * within)] = Math.floor(random.next() * 256)
      return cleaned(`a ${type} with changed bytes, ${n}`, copy)
    }),
  )
}
