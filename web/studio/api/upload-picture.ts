// Sends a picture to the creator's materials and returns its address.

import { callApi } from '../../shared/api/client.ts'
import type { Material } from './types.ts'

/** What the server turns into a picture. */
export const PICTURE_TYPES = 'image/jpeg,image/png,image/gif,image/webp,image/bmp,image/avif'

export async function uploadPicture(file: File): Promise<string> {
  const form = new FormData()
  form.set('image', file)
  return (await callApi<Material>('mp/user/images', { method: 'POST', body: form })).url
}
