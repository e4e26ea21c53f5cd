// Encrypts what only few may see, with AES-256-GCM. A sealed text is bound to its context, such as the name of its file: moved
// elsewhere, it does not open. Layout: version (1 byte), nonce (12), tag (16), ciphertext.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export interface Sealing {
  seal(bytes: Buffer, context: string): Buffer
  /** Throws if the bytes were changed, belong to another context, or were sealed with another key. */
  open(sealed: Buffer, context: string): Buffer
}

const VERSION = 1
const NONCE_BYTES = 12 // what GCM is made for; random ones are safe for four billion files
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES

export function createSealing(secret: string): Sealing {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'broadsheet sealed files', 32))
  return {
    seal(bytes, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ciphertext])
    },
    open(sealed, context) {
      if (sealed.length < HEAD_BYTES || sealed[0] !== VERSION) throw new Error(`${context} is not sealed as it must be`)
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context))
      decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()])
    },
  }
}
