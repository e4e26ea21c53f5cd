// Sends messages to push services. Their addresses come from browsers, and so from anybody: only public hosts are connected to,
// over HTTPS, without following redirects, and what they answer is not read.

import { createECDH, ECDH, hkdfSync } from 'node:crypto'
import { type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP } from 'node:net'
import { invalid } from '../../base/problem.ts'
import { createGuardedLookup, isPublicAddress } from '../../base/public-address.ts'
import type { Subscription } from './web-push.sql.ts'

export interface PushService {
  /** For browsers, which accept messages signed with its private half only. */
  publicKey: string
  /** Throws a Problem unless the endpoint may be a push service and messages can be encrypted for the browser. */
  check(subscription: Subscription): void
  send(subscription: Subscription, message: object): Promise<'sent' | 'failed' | 'gone'>
}

const TIMEOUT_MS = 5_000
const CURVE = 'prime256v1' // P-256
const AUTH_BYTES = 16 // RFC 8291, section 3.2
/** A day: older news is found in the inbox. */
const TTL_SECONDS = 86_400

/** `ownHosts`: host:port of push services in the operator's network, which may be private and without TLS. */
export function createPushService({ secret, contact, ownHosts }: { secret: string; contact: string; ownHosts: string[] }): PushService {
  const keys = deriveKeys(secret)
  const guardedLookup = createGuardedLookup(isPublicAddress)
  const isOwn = (url: URL) => ownHosts.includes(url.host)

  function checkEndpoint(endpoint: string): void {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
    const host = url?.hostname.replace(/^\[|\]$/g, '') ?? ''
    const isPublic = url?.protocol === 'https:' && url.port === '' && isIP(host) === 0 && host.includes('.') && !host.endsWith('.')
    if (!url || url.username || url.password || !(isPublic || isOwn(url))) throw invalid('endpoint is not the address of a push service')
  }

  return {
    publicKey: keys.publicKey,
    check({ endpoint, p256dh, auth }) {
      checkEndpoint(endpoint)
      if (!isPoint(Buffer.from(p256dh, 'base64url')) || Buffer.from(auth, 'base64url').length !== AUTH_BYTES)
        throw invalid('keys are malformed')
    },
    async send({ endpoint, p256dh, auth }, message) {
      const url = new URL(endpoint)
      // The library is loaded only where it is used.
      const { default: library } = await import('web-push')
      try {
        checkEndpoint(endpoint)
        const { method, headers, body } = library.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(message), {
          vapidDetails: { subject: contact, ...keys },
          TTL: TTL_SECONDS,
        })
        const options: RequestOptions = {
          method,
          headers: headers as Record<string, string>,
          signal: AbortSignal.timeout(TIMEOUT_MS),
          agent: false,
          ...(isOwn(url) ? {} : { lookup: guardedLookup as RequestOptions['lookup'] }),
        }
        const status = await statusOf(url, options, body)
        if (status === 404 || status === 410) return 'gone'
        return status >= 200 && status < 300 ? 'sent' : 'failed'
      } catch {
        return 'failed'
      }
    },
  }
}

/** The last two labels of the host: who owns a domain can make any number of names below it. */
export function serviceOf(endpoint: string): string {
  const { host, hostname } = new URL(endpoint)
  return isIP(hostname.replace(/^\[|\]$/g, '')) ? host : hostname.split('.').slice(-2).join('.')
}

function statusOf(url: URL, options: RequestOptions, body: Buffer | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestSecure : requestPlain
    const sent = send(url, options, response => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    sent.on('error', reject)
    sent.end(body ?? undefined)
  })
}

/** An uncompressed point takes 65 bytes, of which the first is 4: RFC 8291 allows no other form. */
function isPoint(bytes: Buffer): boolean {
  if (bytes.length !== 65 || bytes[0] !== 4) return false
  try {
    ECDH.convertKey(bytes, CURVE)
    return true
  } catch {
    return false
  }
}

/** All processes of a site have the same secret, and so the same keys. Replacing the secret ends all subscriptions. */
function deriveKeys(secret: string): { publicKey: string; privateKey: string } {
  const curve = createECDH(CURVE)
  curve.setPrivateKey(Buffer.from(hkdfSync('sha256', secret, '', 'broadsheet web push', 32)))
  return { publicKey: curve.getPublicKey('base64url'), privateKey: curve.getPrivateKey('base64url') }
}
