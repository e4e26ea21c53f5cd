// Reads typed values from environment variables, and collects a message for each value that is not valid.

import { isIP, isIPv4 } from 'node:net'

export function createEnvReader(env: Record<string, string | undefined>) {
  const mistakes: string[] = []
  const refuse = (mistake: string) => void mistakes.push(mistake)
  // Compose files and shells leave a setting out by an empty variable.
  const text = (name: string) => env[name]?.trim() || undefined
  const integer = (name: string, fallback: number, min: number, max: number) => {
    const given = text(name)
    if (given === undefined) return fallback
    if (/^\d{1,15}$/.test(given) && Number(given) >= min && Number(given) <= max) return Number(given)
    refuse(`${name} must be a whole number from ${min} to ${max}, not "${given}"`)
    return fallback
  }
  const url = (name: string, protocols: string[]) => {
    const given = text(name)
    if (given === undefined) return undefined
    if (URL.canParse(given) && protocols.includes(new URL(given).protocol)) return given.replace(/\/+$/, '')
    refuse(`${name} must be an address that begins with ${protocols.map(protocol => `${protocol}//`).join(' or ')}`)
    return undefined
  }
  const oneOf = <T extends string>(name: string, options: readonly T[], fallback: T) => {
    const given = text(name)
    if (given === undefined) return fallback
    if (options.includes(given as T)) return given as T
    refuse(`${name} must be one of ${options.join(', ')}, not "${given}"`)
    return fallback
  }
  const secret = (name: string) => {
    const given = text(name)
    // 32 characters: a 128-bit key in hexadecimal.
    if (given !== undefined && given.length < 32) refuse(`${name} must have at least 32 characters`)
    return given
  }
  return { mistakes, refuse, text, integer, url, oneOf, secret }
}

export function isHostAndPort(text: string): boolean {
  const port = /^[^\s/:]+:(\d{1,5})$/.exec(text)?.[1]
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535
}

export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** An IP address, a network or a named range. A network of /0 is refused: it would trust every client as a proxy. */
export function isProxy(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  return isIP(address) !== 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= (isIPv4(address) ? 32 : 128)))
}
