// How the objects of a file are named in the store.

import { randomBytes } from 'node:crypto'

export const FILE_NAME = /^[0-9a-f]{32}\.(?:jpg|png|gif|webp)$/

/** Its 128 random bits are not guessed, and do not repeat. */
export const newFileName = (extension: string): string => `${randomBytes(16).toString('hex')}.${extension}`

/** The path below PUBLIC_URL. */
export const publicPath = (name: string): string => `files/${name}`

/** `pictures/3f/3f….jpg`, and for a narrower copy `pictures/3f/3f…-720.jpg`. Folders of 256 parts list quickly. */
export function pictureKey(name: string, width?: number): string {
  const [base = '', extension = ''] = name.split('.')
  return `pictures/${base.slice(0, 2)}/${base}${width === undefined ? '' : `-${width}`}.${extension}`
}

/** The ending says that it is no picture: it is encrypted. */
export const privateKey = (name: string): string => `identity/${name.slice(0, 2)}/${name.split('.')[0]}.sealed`

export interface Stored {
  name: string
  /** Of the picture itself, then of its narrower copies. */
  widths: number[]
  private: boolean
}

export function keysOf({ name, widths, private: isPrivate }: Stored): string[] {
  if (isPrivate) return [privateKey(name)]
  return [pictureKey(name), ...widths.slice(1).map(width => pictureKey(name, width))]
}
