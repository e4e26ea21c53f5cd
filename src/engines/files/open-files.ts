import type { FilesLocation } from '../../base/files-url.ts'
import type { Files } from './files.ts'
import { openFolder } from './folder.ts'

/** Amazon's client is loaded only where it is used: it costs a fifth of a second and 30 MB. */
export async function openFiles(location: FilesLocation, clock: () => number): Promise<Files> {
  if (location.kind === 'folder') return openFolder(location.folder)
  const { openS3 } = await import('./s3.ts')
  return openS3(location, clock)
}
