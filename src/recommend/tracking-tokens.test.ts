import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId, PageId } from '../base/id.ts'
import { createTokenSigner, type PageContext, type Placement } from './tracking-tokens.ts'

const tokenSigner = createTokenSigner('a secret of at least 32 characters')
const page: PageContext = {
  pageId: 2_123_626_174_090_655_744n as PageId,
  channelId: 7,
  policy: 1,
  viewerKey: 'r5',
  issuedAt: 1_795_000_000_000,
}
const placement: Placement = { articleId: 2_123_606_174_090_655_745n as ArticleId, position: 3, source: 2, propensity: 1 }
const { exposureToken, tokensFor } = tokenSigner.forPage(page)
const { click, collect, share, read, json } = tokensFor(placement)

test('a token decodes to the context it was made of', () => {
  const { viewerKey: _, ...rest } = page
  assert.deepEqual(tokenSigner.verify(click, 'r5'), { action: 'click', ...rest, ...placement })
  assert.deepEqual(
    [collect, share, read, exposureToken].map(one => tokenSigner.verify(one, 'r5')?.action),
    ['collect', 'share', 'read', 'exposure'],
  )
})

test('a token is one letter and sixty-four characters that need no escaping', () => {
  for (const one of [click, collect, share, read, exposureToken]) assert.match(one, /^[cksre][A-Za-z0-9_-]{64}$/)
})

test('a page that is read again has the same tokens, which are the same as JSON', () => {
  assert.equal(tokenSigner.forPage(page).tokensFor(placement).click, click)
  assert.deepEqual(JSON.parse(json ?? ''), { click, collect, share, read })
})

test('the token of one reader is refused from another reader and from an anonymous viewer', () => {
  assert.equal(tokenSigner.verify(click, 'r6'), undefined)
  assert.equal(tokenSigner.verify(click, undefined), undefined)
})

test('a token with any character changed is refused', () => {
  const alphabet = 'AZaz09_-=+/ \n'
  for (let at = 1; at < click.length; at++)
    for (const other of alphabet)
      if (click[at] !== other)
        assert.equal(tokenSigner.verify(click.slice(0, at) + other + click.slice(at + 1), 'r5'), undefined, `at ${at}: ${other}`)
})

test('tokens of another installation, shortened tokens and other text are refused', () => {
  const other = createTokenSigner('another secret, as long as the first').forPage(page).tokensFor(placement).click
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
    assert.equal(tokenSigner.verify(text, 'r5'), undefined)
})
