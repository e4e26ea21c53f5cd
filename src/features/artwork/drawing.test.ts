import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawAvatar, drawCover, MOTIF_NAMES } from './drawing.ts'

const ids = Array.from({ length: 400 }, (_, i) => 2_123_456_789_012_345_678n + BigInt(i) * 4_194_304n)
const named = ids.slice(0, 40).flatMap(id => MOTIF_NAMES.map(motif => drawCover({ id, n: 1, motif })))
const pictures = [...ids.flatMap(id => [1, 2, 3, 4].map(n => drawCover({ id, n }))), ...ids.map(id => drawAvatar({ id })), ...named]

test('the same id and number always give the same picture, and others give another', () => {
  const [id, other] = ids as [bigint, bigint]
  assert.equal(drawCover({ id, n: 1 }), drawCover({ id, n: 1 }))
  assert.notEqual(drawCover({ id, n: 1 }), drawCover({ id, n: 2 }))
  assert.notEqual(drawCover({ id, n: 1 }), drawCover({ id: other, n: 1 }))
  assert.equal(drawAvatar({ id }), drawAvatar({ id }))
  assert.equal(new Set(pictures.slice(0, 1_600)).size, 1_600)
  assert.equal(new Set(named.slice(0, MOTIF_NAMES.length)).size, MOTIF_NAMES.length)
  // Of a thing it has no drawing of, it draws any picture.
  for (const motif of ['nothing', 'constructor']) assert.equal(drawCover({ id, n: 1, motif }), drawCover({ id, n: 1 }))
})

test('every picture is well-formed and small, and loads nothing from elsewhere', () => {
  for (const picture of pictures) {
    assert.ok(Buffer.byteLength(picture) <= 6_000, `${picture.length} bytes`)
    assertWellFormed(picture)
    assert.doesNotMatch(picture, /script|href|url\((?!#s\))|<text|<image|\son\w+=|NaN|undefined|Infinity/)
  }
})

test('a picture costs well below a millisecond', t => {
  for (const id of ids) drawCover({ id, n: 1 })
  const before = process.cpuUsage() // without the time of other processes
  for (const id of ids) drawCover({ id, n: 2 })
  const { user, system } = process.cpuUsage(before)
  t.diagnostic(`${((user + system) / 1_000 / ids.length).toFixed(2)} ms of CPU time each`)
})

/** Every tag is closed in order, and every attribute is quoted. */
function assertWellFormed(xml: string): void {
  const open: string[] = []
  let at = 0
  for (const tag of xml.matchAll(/<(\/?)([a-zA-Z]+)((?: [a-zA-Z][a-zA-Z0-9-]*="[^"<>]*")*)(\/?)>/g)) {
    assert.equal(xml.slice(at, tag.index).trim(), '', 'text between tags')
    at = tag.index + tag[0].length
    if (tag[1]) assert.equal(open.pop(), tag[2])
    else if (!tag[4]) open.push(tag[2] as string)
  }
  assert.equal(at, xml.length)
  assert.deepEqual(open, [])
}
