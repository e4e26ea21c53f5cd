import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId, PageId } from '../base/id.ts'
import { createTokenSigner, type PageContext, type Placement } from './tracking-tokens.ts'

const traces = createTokenSigner('a secret of at least 32 characters')
const page: PageContext = {
  pageId: 2_123_626_174_090_655_744n as PageId,
  channelId: 7,
  policy: 1,
  viewer: 'r5',
  issuedAt: 1_795_000_000_000,
}
const place: Placement = { articleId: 2_123_606_174_090_655_745n as ArticleId, position: 3, source: 2, propensity: 1 }
const { exposure, track } = traces.forPage(page)
const { click, collect, share, read } = track(place)

test('a trace says what it was made of', () => {
  const { viewer: _, ...rest } = page
  assert.deepEqual(traces.verify(click, 'r5'), { action: 'click', ...rest, ...place })
  assert.deepEqual(
    [collect, share, read, exposure].map(one => traces.verify(one, 'r5')?.action),
    ['collect', 'share', 'read', 'exposure'],
  )
})

test('a trace is one letter and sixty-four characters that need no escaping anywhere', () => {
  for (const one of [click, collect, share, read, exposure]) assert.match(one, /^[cksre][A-Za-z0-9_-]{64}$/)
})

test('the same page has the same traces, so a page read again is the same to the byte', () => {
  assert.deepEqual(traces.forPage(page).track(place), { click, collect, share, read })
})

test('the trace of one reader is nothing in the hands of another, or of nobody', () => {
  assert.equal(traces.verify(click, 'r6'), undefined)
  assert.equal(traces.verify(click, undefined), undefined)
})

test('no change to any character of a trace is accepted', () => {
  const alphabet = 'AZaz09_-=+/ \n'
  for (let at = 1; at < click.length; at++)
    for (const other of alphabet)
      if (click[at] !== other)
        assert.equal(traces.verify(click.slice(0, at) + other + click.slice(at + 1), 'r5'), undefined, `at ${at}: ${other}`)
})

test('what another installation signed, what is cut short and what is no trace at all is not read', () => {
  const other = createTokenSigner('another secret, as long as the first').forPage(page).track(place).click
  for (const text of [
    other,
    '',
    'c',
    click.slice(0, -1),
    `${click}A`,
    `${click}=`,
    ` ${click}`,
    `${click}\n`,
    `x${click.slice(1)}`,
    '{"action":"click"}',
  ])
    assert.equal(traces.verify(text, 'r5'), undefined)
})
