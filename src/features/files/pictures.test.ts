import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'
import { Problem } from '../../base/problem.ts'
import { type HostilePicture, makeBmp, makeHostilePictures, PAYLOAD } from './hostile-pictures.fixture.ts'
import { type EncodedPicture, encodePicture } from './pictures.ts'
import { NARROW_WIDTHS } from './widths.ts'

const SEED = 20_261_129
/** Of the largest picture that is accepted, twice: what sharp decodes and what it encodes. */
const MEMORY_MAX = 400 * 1024 * 1024

async function encodeOrRefuse(bytes: Buffer): Promise<EncodedPicture | Problem> {
  try {
    return await encodePicture(bytes, NARROW_WIDTHS)
  } catch (err) {
    if (err instanceof Problem) return err
    throw err
  }
}

async function assertClean({ extension, copies }: EncodedPicture, what: string): Promise<void> {
  for (const { width, bytes } of copies) {
    assert.equal((await fileTypeFromBuffer(bytes))?.ext, extension, what)
    assert.ok(!bytes.includes(PAYLOAD) && !bytes.includes('alice'), `${what}: the payload is still there`)
    const { exif, xmp, icc, iptc, orientation, ...stored } = await sharp(bytes).metadata()
    assert.deepEqual([exif, xmp, icc, iptc, orientation], Array(5).fill(undefined), what)
    assert.equal(stored.width, width, what)
    assert.ok(stored.space === 'srgb' || stored.space === 'b-w', `${what}: ${stored.space}`)
    assert.ok(stored.width <= 2_560 && stored.height <= 2_560, what)
  }
}

test('two hundred hostile pictures: none is stored wrongly, and memory is bounded', async t => {
  const pictures = await makeHostilePictures(SEED)
  const before = process.memoryUsage().rss
  let most = before
  const accepted: HostilePicture[] = []
  for (const picture of pictures) {
    const result = await encodeOrRefuse(picture.bytes)
    most = Math.max(most, process.memoryUsage().rss)
    if (result instanceof Problem) assert.equal(result.kind, 'invalid', picture.what)
    else {
      accepted.push(picture)
      await assertClean(result, picture.what)
    }
  }
  assert.ok(pictures.length >= 200, `only ${pictures.length}`)
  assert.deepEqual(
    accepted.filter(({ refused }) => refused).map(({ what }) => what),
    [],
  )
  for (const { what, refused } of pictures)
    if (!refused && !/changed/.test(what))
      assert.ok(
        accepted.some(picture => picture.what === what),
        `${what} was refused`,
      )
  assert.ok(most - before < MEMORY_MAX, `${(most - before) / 2 ** 20} MB`)
  t.diagnostic(`${pictures.length} pictures, ${accepted.length} stored clean, ${Math.round((most - before) / 2 ** 20)} MB more memory`)
})

const photo = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#36c' } })

test('a photo taken sideways is stored upright', async () => {
  const { copies } = await encodePicture(await photo(400, 200).withMetadata({ orientation: 6 }).jpeg().toBuffer(), [])
  const { width, height } = await sharp(copies[0]?.bytes).metadata()
  assert.deepEqual([width, height], [200, 400])
})

test('a wide picture has narrower copies, and one too large for any screen is made smaller', async () => {
  const { extension, copies } = await encodePicture(await photo(3_000, 1_500).jpeg().toBuffer(), NARROW_WIDTHS)
  assert.equal(extension, 'jpg')
  assert.deepEqual(
    copies.map(({ width }) => width),
    [2_560, 360, 720, 1_280],
  )
  const small = await encodePicture(await photo(300, 300).png().toBuffer(), NARROW_WIDTHS)
  assert.deepEqual(
    small.copies.map(({ width }) => width),
    [300],
  )
})

test('an animated GIF keeps its frames and their delays', async () => {
  const frames = [200, 100, 0].map(
    red => ({ create: { width: 500, height: 40, channels: 3, background: { r: red, g: 0, b: 0 } } }) as const,
  )
  const gif = await sharp(frames as never, { join: { animated: true } })
    .gif({ delay: [80, 160, 240] })
    .toBuffer()
  const { extension, copies } = await encodePicture(gif, NARROW_WIDTHS)
  assert.equal(extension, 'gif')
  for (const [i, { bytes }] of copies.entries()) {
    const { pages, delay, width } = await sharp(bytes).metadata()
    assert.deepEqual([pages, delay, width], [3, [80, 160, 240], i === 0 ? 500 : 360])
  }
})

test('a BMP and an AVIF become JPEGs, and HEIC is refused with a message that helps', async () => {
  const { extension, copies } = await encodePicture(makeBmp(20, 10), [])
  assert.deepEqual([extension, copies[0]?.width], ['jpg', 20])
  assert.equal((await encodePicture(await photo(64, 64).avif({ effort: 0 }).toBuffer(), [])).extension, 'jpg')
  const heic = Buffer.concat([Buffer.from('0000001866747970686569630000000068656963', 'hex'), Buffer.alloc(100)])
  await assert.rejects(encodePicture(heic, []), /HEIC pictures cannot be read here/)
})

test('a transparent PNG stays transparent', async () => {
  const clear = sharp({ create: { width: 10, height: 10, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
  const { copies } = await encodePicture(await clear.png().toBuffer(), [])
  assert.equal((await sharp(copies[0]?.bytes).metadata()).hasAlpha, true)
})
