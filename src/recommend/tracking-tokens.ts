// A trace is what a page gives out with each article and gets back when the reader acts on it. It says which page, which
// place, which policy with which chance, for whom and when, and is signed, so that none of this can be made up. What is
// signed is the context; the letter in front names the action, which a client may choose anyway.
//
//   letter   c click · k collect · s share · r read · e the exposure of a whole page
//   64 characters of base64url = 48 bytes, so there are no spare bits and no padding: one trace, one spelling
//     0 version and key   1 source   2 issued (s, 4)   6 page (8)   14 article (8)   22 position
//     23 channel (2)   25 policy (2)   27 propensity   28 hash of the viewer (8)   36 HMAC-SHA256, first 96 bits

import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { ArticleId, ChannelId, PageId } from '../base/id.ts'
import type { TrackingTokens } from './contract.ts'

/** What all traces of one page have in common. */
export interface PageContext {
  pageId: PageId
  channelId: ChannelId
  policy: number
  /** As base/viewer-key.ts writes it; undefined for an anonymous viewer. */
  viewer: string | undefined
  /** Milliseconds since 1970; kept to the second. */
  issuedAt: number
}

/** Where on the page an article stands, and why. */
export interface Placement {
  articleId: ArticleId
  position: number
  source: number
  /** The chance with which the article was put there, from 0 to 1; kept to 1/255. */
  propensity: number
}

export type TrackedAction = 'click' | 'collect' | 'share' | 'read' | 'exposure'
export interface DecodedToken extends Omit<PageContext, 'viewer'>, Placement {
  action: TrackedAction
}

export interface TokenSigner {
  /** Signs for one page: the trace of the whole of it, and the four traces of each article. */
  forPage(context: PageContext): { exposure: string; track(place: Placement): TrackingTokens }
  /** Undefined for everything we did not sign, and for what we signed for somebody else. */
  verify(text: string, viewer: string | undefined): DecodedToken | undefined
}

const VERSION = 1
const BODY = 36
const LENGTH = 48
const LETTERS: Record<string, TrackedAction> = { c: 'click', k: 'collect', s: 'share', r: 'read', e: 'exposure' }
const FORM = /^[cksre][A-Za-z0-9_-]{64}$/
const WHOLE_PAGE: Placement = { articleId: 0n as ArticleId, position: 0, source: 0, propensity: 1 }

export function createTokenSigner(secret: string): TokenSigner {
  // A key made once: bytes are made a key anew for each of the eleven signatures of a page, which takes longer than signing.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'broadsheet trace', 32)))
  const mac = (body: Buffer) =>
    createHmac('sha256', key)
      .update(body)
      .digest()
      .subarray(0, LENGTH - BODY)
  const who = (viewer: string | undefined) =>
    viewer === undefined ? 0n : createHmac('sha256', key).update(`viewer ${viewer}`).digest().readBigUInt64BE()

  return {
    forPage(context) {
      const common = Buffer.alloc(LENGTH)
      common.writeUInt8(VERSION, 0)
      common.writeUInt32BE(Math.floor(context.issuedAt / 1000) >>> 0, 2)
      common.writeBigUInt64BE(context.pageId, 6)
      common.writeUInt16BE(context.channelId & 0xffff, 23)
      common.writeUInt16BE(context.policy & 0xffff, 25)
      common.writeBigUInt64BE(who(context.viewer), 28)
      const sign = ({ articleId, position, source, propensity }: Placement) => {
        const bytes = Buffer.from(common)
        bytes.writeUInt8(source & 0xff, 1)
        bytes.writeBigUInt64BE(articleId, 14)
        bytes.writeUInt8(Math.min(position, 0xff), 22)
        bytes.writeUInt8(Math.round(Math.min(Math.max(propensity, 0), 1) * 0xff), 27)
        mac(bytes.subarray(0, BODY)).copy(bytes, BODY)
        return bytes.toString('base64url')
      }
      return {
        exposure: `e${sign(WHOLE_PAGE)}`,
        track(place) {
          const signed = sign(place)
          return { click: `c${signed}`, collect: `k${signed}`, share: `s${signed}`, read: `r${signed}` }
        },
      }
    },

    verify(text, viewer) {
      if (!FORM.test(text)) return undefined
      const bytes = Buffer.from(text.slice(1), 'base64url')
      if (bytes[0] !== VERSION || !timingSafeEqual(bytes.subarray(BODY), mac(bytes.subarray(0, BODY)))) return undefined
      if (bytes.readBigUInt64BE(28) !== who(viewer)) return undefined
      return {
        action: LETTERS[text.charAt(0)] as TrackedAction,
        source: bytes.readUInt8(1),
        issuedAt: bytes.readUInt32BE(2) * 1000,
        pageId: bytes.readBigUInt64BE(6) as PageId,
        articleId: bytes.readBigUInt64BE(14) as ArticleId,
        position: bytes.readUInt8(22),
        channelId: bytes.readUInt16BE(23),
        policy: bytes.readUInt16BE(25),
        propensity: bytes.readUInt8(27) / 0xff,
      }
    },
  }
}
