import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalTimeFormat, DAY } from '../../base/clock.ts'
import { parseArticle, refusalReasonOf } from './article-line.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const rules = {
  nowMs: NOON,
  localTime: createLocalTimeFormat('Asia/Shanghai'),
  sanitizeHtml: (html: string) => html.replaceAll(/<script>.*?<\/script>/g, ''),
}
const read = (fields: unknown) => parseArticle(fields, rules)

const at = (published_at: string) => read({ title: 't', published_at }).published_at

function reason(fields: unknown): string {
  try {
    read(fields)
  } catch (err) {
    return refusalReasonOf(err)
  }
  return 'accepted'
}

test('a line with a headline only becomes a published article in 综合, with title and keywords as its text', () => {
  const { source_id, ...article } = read({ title: ' 金价 <上涨> ', keywords: ['黄金', ' ', 'A&B'], category_zh: null, source: 'x' })
  assert.match(source_id, /^[0-9a-f]{64}$/)
  assert.deepEqual(article, {
    title: '金价 <上涨>',
    html: '<p>金价 &lt;上涨&gt;</p><p>黄金 A&amp;B</p>',
    channel: '综合',
    author: undefined,
    keywords: ['黄金', 'A&B'],
    cover: [],
    status: 2,
    allow_comment: true,
    published_at: undefined,
  })
})

test('the same headline from another source is another article', () => {
  const ids = [{ source: 'a' }, { source: 'b' }, {}].map(source => read({ title: 't', ...source }).source_id)
  assert.equal(new Set(ids).size, 3)
  assert.equal(read({ title: ' t ', source: 'a' }).source_id, ids[0])
})

test('HTML is sanitised, and plain text becomes paragraphs', () => {
  assert.equal(read({ title: 't', html: '<p>a</p><script>b</script>' }).html, '<p>a</p>')
  assert.equal(read({ title: 't', content: '<script>b</script>c' }).html, 'c')
  assert.equal(read({ title: 't', text: 'a\r\n\n<script>b' }).html, '<p>a</p><p>&lt;script&gt;b</p>')
  assert.equal(read({ title: 't', html: '' }).html, '', 'an empty draft stays empty')
})

test('a list may be one text with separators, as in CSV', () => {
  const article = read({
    title: 't',
    keywords: '甲| 乙 |',
    cover: 'https://a.example/1.jpg|/files/2.jpg|b/3.png',
    status: '0',
    allow_comment: 'false',
  })
  assert.deepEqual(article.keywords, ['甲', '乙'])
  assert.deepEqual(article.cover, ['https://a.example/1.jpg', '/files/2.jpg', 'b/3.png'])
  assert.equal(article.status, 0)
  assert.equal(article.allow_comment, false)
})

test('a date keeps its microseconds; without a zone it is in the zone of the setting', () => {
  assert.equal(at('2026-11-05T09:30:00.123456Z'), '2026-11-05T09:30:00.123456Z')
  assert.equal(at('2026-11-05T09:30:00+0800'), '2026-11-05T01:30:00.000000Z')
  assert.equal(at('2026-11-05 09:30'), '2026-11-05T01:30:00.000000Z')
  assert.equal(at('2026-11-05'), '2026-11-04T16:00:00.000000Z')
})

test('a title may have 256 characters, however many bytes they take', () => {
  assert.equal(reason({ title: '😀'.repeat(256) }), 'accepted')
  assert.equal(reason({ title: '😀'.repeat(257) }), 'title: longer than 256 characters')
})

const good = { title: 't' }
const refusals: [unknown, RegExp][] = [
  [[], /^is not an object/],
  [null, /^is not an object/],
  ['t', /^is not an object/],
  [{}, /^title: missing/],
  [{ title: ' \u3000\n' }, /^title: empty/],
  [{ title: 5 }, /^title: not a text/],
  [{ title: 'a\0b' }, /^title: contains a NUL/],
  [{ title: 'a\ud800b' }, /^title: contains half a character/],
  [{ ...good, html: 'a\0' }, /^html: contains a NUL/],
  [{ ...good, html: '\udc00' }, /^html: contains half/],
  [{ ...good, text: 5 }, /^text: not a text/],
  [{ ...good, html: '字'.repeat(350_000) }, /^html: longer than 1 MiB/],
  [{ ...good, channel: '' }, /^channel: empty/],
  [{ ...good, channel: '长'.repeat(33) }, /^channel: longer than 32/],
  [{ ...good, channel: ['a'] }, /^channel: not a text/],
  [{ ...good, author: '长'.repeat(33) }, /^author: longer than 32/],
  [{ ...good, keywords: 5 }, /^keywords: not a list/],
  [{ ...good, keywords: [5] }, /^keywords: not a list of texts/],
  [{ ...good, keywords: Array.from({ length: 21 }, String) }, /^keywords: more than 20/],
  [{ ...good, keywords: ['a'.repeat(101)] }, /^keywords: longer than 100/],
  [{ ...good, keywords: ['a\0'] }, /^keywords: contains a NUL/],
  [{ ...good, cover: ['a', 'b'] }, /^cover: 0, 1 or 3/],
  [{ ...good, cover: ['a', 'b', 'c', 'd'] }, /^cover: more than 3/],
  ...[
    'javascript:alert(1)',
    'data:image/png;base64,',
    '//evil.example/a',
    '\\\\evil',
    '../../etc/passwd',
    'https://',
    'a"b',
    'a b',
    'ftp://a/b',
  ].map((cover): [unknown, RegExp] => [{ ...good, cover: [cover] }, /^cover: neither/]),
  [{ ...good, cover: [`/${'a'.repeat(512)}`] }, /^cover: longer than 512/],
  ...[6, -1, 1.5, '', 'x', '12', true].map((status): [unknown, RegExp] => [{ ...good, status }, /^status: not one of/]),
  [{ ...good, allow_comment: 'maybe' }, /^allow_comment/],
  ...['yesterday', '2026-13-01', '2026-06-31', '2026-11-05T25:00:00Z', '12', '2026-11-05T09:30:00Zx'].map(
    (published_at): [unknown, RegExp] => [{ ...good, published_at }, /^published_at: not an ISO/],
  ),
  [{ ...good, published_at: 1_700_000_000 }, /^published_at: not a text/],
  [{ ...good, published_at: '1999-12-31T00:00:00Z' }, /^published_at: before 2000 or after tomorrow/],
  [{ ...good, published_at: new Date(NOON + DAY + 1_000).toISOString() }, /^published_at: before 2000 or after tomorrow/],
  [{ ...good, source_id: '' }, /^source_id: empty/],
  [{ ...good, source_id: 'x'.repeat(257) }, /^source_id: longer than 256/],
  [{ ...good, source_id: {} }, /^source_id: not a text/],
]

test('a refusal names the field that is wrong', () => {
  for (const [fields, expected] of refusals) assert.match(reason(fields), expected, JSON.stringify(fields)?.slice(0, 100))
})

test('names of an import are cleaned like those that are typed; what shows nothing, or is the recommended channel, is refused', () => {
  const { title, channel, author } = read({ title: 'Cafe\u0301', channel: '科\u200b技', author: 'a\u3164b' })
  assert.deepEqual([title, channel, author], ['Café', '科技', 'ab'])
  assert.equal(reason({ title: 't', author: '\ufe0f' }), 'author: must have 1 to 32 characters')
  assert.equal(reason({ title: '\u2800' }), 'title: must have 1 to 256 characters')
  assert.equal(reason({ title: 't', channel: ' 推\u034f荐' }), 'channel: 推荐 is the recommended channel')
})

test('what cleaning leaves empty is a refused line, and dates and numeric ids are taken exactly', () => {
  assert.equal(reason({ title: 't', html: '<script>text</script>' }), 'html: nothing of it may be shown')
  assert.equal(reason({ title: 't', html: '<![CDATA[<p>text</p>]]>' }), 'html: CDATA is of XML: write its text as HTML')
  assert.equal(reason({ title: 't', html: '<p></p>' }), 'accepted')
  assert.equal(read({ title: 't', source_id: 9_007_199_254_740_993n }).source_id, '9007199254740993')
  for (const text of ['2026-11-05 09:30:00+08', '20261105T013000Z']) assert.equal(at(text), '2026-11-05T01:30:00.000000Z')
})
