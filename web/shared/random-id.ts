/** 32 hexadecimal digits. `crypto.randomUUID` exists on secure origins only; getRandomValues everywhere. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
