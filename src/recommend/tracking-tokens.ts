// Signs and verifies tracking tokens: what a page carries with each article, and what a client sends back when the reader acts.
// A token holds its context (page, place, policy, probability, viewer, time) and a signature. The letter in front is the
// action; it is not signed, because a client may send any of the four tokens anyway.
//
//   letter   c click · k collect · s share · r read · e the exposure of a whole page
//   64 characters of base64url = 48 bytes, so there are no spare bits and no padding: one token, one spelling
//     0 version and key   1 source   2 issued (s, 4)   6 page (8)   14 article (8)   22 position
//     23 channel (2)   25 policy (2)   27 propensity   28 hash of the viewer (8)   36 HMAC-SHA256, first 96 bits

import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { ArticleId, ChannelId, PageId } from '../base/id.ts'
import type { TrackingTokens } from './contract.ts'

/** What all tokens of a page have in common. */
export interface PageContext {
  pageId: PageId
  channelId: ChannelId
  policy: number
  /** As base/viewer-key.ts writes it; undefined for an anonymous viewer. */
  viewerKey: string | undefined
  /** Milliseconds since 1970; kept to the second. */
  issuedAt: number
}

export interface Placement {
  articleId: ArticleId
  position: number
  /** Index in SOURCE_NAMES. */
  source: number
  /** The probability of the article's place, from 0 to 1; kept to 1/255. */
  propensity: number
}

export type TrackedAction = 'click' | 'collect' | 'share' | 'read' | 'exposure'
export interface DecodedToken extends Omit<PageContext, 'viewerKey'>, Placement {
  action: TrackedAction
}

export interface PageSigner {
  exposureToken: string
  tokensFor(placement: Placement): TrackingTokens
}

export interface TokenSigner {
  forPage(context: PageContext): PageSigner
  /** Undefined unless this installation signed the token for this viewer. */
  verify(token: string, viewerKey: string | undefined): DecodedToken | undefined
}

const VERSION = 1
const CONTEXT_BYTES = 36
const TOKEN_BYTES = 48
const ACTIONS: Record<string, TrackedAction> = { c: 'click', k: 'collect', s: 'share', r: 'read', e: 'exposure' }
const TOKEN_PATTERN = /^[cksre][A-Za-z0-9_-]{64}$/
const WHOLE_PAGE: Placement = { articleId: 0n as ArticleId, position: 0, source: 0, propensity: 1 }

/**
 * They differ in their letter. A page is in memory for minutes, so what they share is kept once: four strings and their joined copies are
 * 4 KB a page. A class, because an object with four getters of its own would be as large.
 */
class SignedTokens implements TrackingTokens {
  private readonly signed: string
  constructor(signed: string) {
    this.signed = signed
  }
  get click() {
    return `c${this.signed}`
  }
  get collect() {
    return `k${this.signed}`
  }
  get share() {
    return `s${this.signed}`
  }
  get read() {
    return `r${this.signed}`
  }
  get json() {
    const { signed } = this
    return `{"click":"c${signed}","collect":"k${signed}","share":"s${signed}","read":"r${signed}"}`
  }
}

export function createTokenSigner(secret: string): TokenSigner {
  // A key object: from bytes, Node would make a new key for each of the eleven signatures of a page, which is slower than signing.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'broadsheet trace', 32)))
  const signatureOf = (context: Buffer) =>
    createHmac('sha256', key)
      .update(context)
      .digest()
      .subarray(0, TOKEN_BYTES - CONTEXT_BYTES)
  const hashViewer = (viewerKey: string | undefined) =>
    viewerKey === undefined ? 0n : createHmac('sha256', key).update(`viewer ${viewerKey}`).digest().readBigUInt64BE()

  return {
    forPage(context) {
      const common = Buffer.alloc(TOKEN_BYTES)
      common.writeUInt8(VERSION, 0)
      common.writeUInt32BE(Math.floor(context.issuedAt / 1000) >>> 0, 2)
      common.writeBigUInt64BE(context.pageId, 6)
      common.writeUInt16BE(context.channelId & 0xffff, 23)
      common.writeUInt16BE(context.policy & 0xffff, 25)
      common.writeBigUInt64BE(hashViewer(context.viewerKey), 28)
      const sign = ({ articleId, position, source, propensity }: Placement) => {
        const bytes = Buffer.from(common)
        bytes.writeUInt8(source & 0xff, 1)
        bytes.writeBigUInt64BE(articleId, 14)
        bytes.writeUInt8(Math.min(position, 0xff), 22)
        bytes.writeUInt8(Math.round(Math.min(Math.max(propensity, 0), 1) * 0xff), 27)
        signatureOf(bytes.subarray(0, CONTEXT_BYTES)).copy(bytes, CONTEXT_BYTES)
        return bytes.toString('base64url')
      }
      return {
        exposureToken: `e${sign(WHOLE_PAGE)}`,
        tokensFor(placement) {
          return new SignedTokens(sign(placement))
        },
      }
    },

    verify(token, viewerKey) {
      if (!TOKEN_PATTERN.test(token)) return undefined
      const bytes = Buffer.from(token.slice(1), 'base64url')
      if (bytes[0] !== VERSION) return undefined
      if (!timingSafeEqual(bytes.subarray(CONTEXT_BYTES), signatureOf(bytes.subarray(0, CONTEXT_BYTES)))) return undefined
      if (bytes.readBigUInt64BE(28) !== hashViewer(viewerKey)) return undefined
      return {
        action: ACTIONS[token.charAt(0)] as TrackedAction,
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
