import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from './problem.ts'
import { HTML_BYTES_MAX, sanitizeHtml } from './sanitize-html.ts'

const refusalOf = (html: string) => {
  try {
    sanitizeHtml(html)
  } catch (err) {
    assert.ok(err instanceof Problem && err.kind === 'invalid')
    return err.message
  }
  return undefined
}

/** The deepest nesting of what was cleaned: every element in it is closed. */
function depthOf(html: string): number {
  let [depth, deepest] = [0, 0]
  for (const [tag] of html.matchAll(/<[^>]+>/g)) {
    if (tag.startsWith('</')) depth--
    else if (!tag.endsWith('/>')) deepest = Math.max(deepest, ++depth)
  }
  return deepest
}

test('HTML of any elements, closed or not, is cleaned to at most 512 levels and 1 MiB, or refused', () => {
  const tag = fc.constantFrom(
    '<div>',
    '<b><i>',
    '<p>',
    '<ul><li>',
    '<table><tr><td>',
    '<br>',
    '<x>',
    '<svg>',
    '</b>',
    '</div></div>',
    'text',
    '&',
    '<',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(tag, fc.integer({ min: 1, max: 400 })), { maxLength: 8 }), parts => {
      const html = parts.map(([one, repeats]) => one.repeat(repeats)).join('')
      if (refusalOf(html) !== undefined) return
      const clean = sanitizeHtml(html)
      assert.ok(depthOf(clean) <= 512 && Buffer.byteLength(clean) <= HTML_BYTES_MAX)
      // The first cleaning may leave a paragraph around a block, which the second one closes; after that nothing changes.
      const again = sanitizeHtml(clean)
      assert.equal(sanitizeHtml(again), again)
    }),
    { numRuns: 50 },
  )
})

test('HTML that would take seconds to clean or to show is refused with the reason', () => {
  for (const nested of ['<div>', '<b><i>', '<ul><li>', '<unknown>', '<div><x>'])
    assert.equal(refusalOf(nested.repeat(20_000)), 'nested more than 512 elements deep', nested)
  assert.equal(refusalOf('<p>'.repeat(400_000)), 'longer than 1 MiB')
  assert.equal(refusalOf('&'.repeat(400_000)), 'longer than 1 MiB', 'each & becomes &amp;')
  assert.equal(refusalOf(`<a ${Array.from({ length: 40_000 }, (_, i) => `a${i}`).join(' ')}>`), 'an element with more than 100 attributes')
})

test('a long article of ordinary HTML is accepted: elements that follow one another do not nest', () => {
  const html = '<h2>标题</h2><p>正文<b>粗</b><br /><img src="https://x.example/a.png" /></p><ul><li>a</li></ul>'.repeat(5_000)
  assert.equal(sanitizeHtml(html), html)
  assert.equal(refusalOf(`${'<div>'.repeat(512)}x`), undefined)
})

test('a picture is kept wherever its page keeps the address, and only if the address is harmless', () => {
  const place = fc.constantFrom('src', 'data-src', 'data-original', 'srcset')
  const address = fc.constantFrom('//x.example/a.png', 'https://x.example/a.png', 'javascript:alert(1)', 'vbscript:x')
  fc.assert(
    fc.property(place, address, (name, at) => {
      const kept = at.includes('x.example') ? '<img src="https://x.example/a.png" />' : '<img />'
      assert.equal(sanitizeHtml(`<img ${name}="${at}">`), kept)
    }),
  )
  assert.equal(
    sanitizeHtml('<img src="data:image/gif;base64,R0" data-src="https://x.example/b.png">'),
    '<img src="https://x.example/b.png" />',
  )
})

test('numbers of lists, quotations, directions, readings and tables keep their meaning', () => {
  const meaningful = [
    '<ol start="3"><li value="5">a</li></ol>',
    '<p dir="rtl">שלום <q>a</q></p>',
    '<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>',
    '<table><caption>a</caption><thead><tr><th>b</th></tr></thead><tbody><tr><td colspan="2">c</td></tr></tbody></table>',
  ]
  for (const html of meaningful) assert.equal(sanitizeHtml(html), html)
})
