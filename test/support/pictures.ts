// Pictures for tests, and forms that carry them.

import sharp from 'sharp'

/** A JPEG of one colour. */
export const jpegOf = (width: number, height: number, background = '#c33'): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer()

/** A form with files, as a browser sends it. Cropped pictures are called `blob`. */
export function formOf(files: Record<string, Buffer | string>): FormData {
  const form = new FormData()
  for (const [field, content] of Object.entries(files))
    if (typeof content === 'string') form.set(field, content)
    else form.set(field, new Blob([new Uint8Array(content)]), 'blob')
  return form
}
