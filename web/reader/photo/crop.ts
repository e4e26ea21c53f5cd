export interface Area {
  x: number
  y: number
  width: number
  height: number
}

/** Twice the largest size at which a photo is shown, for dense screens. */
const SIDE = 720
const QUALITY = 0.9

/** Draws the area of a picture as a square JPEG. */
export async function cropToJpeg(url: string, { x, y, width, height }: Area): Promise<Blob> {
  const image = new Image()
  image.src = url
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = Math.min(SIDE, Math.round(width))
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  context.fillStyle = '#fff' // behind transparent pictures
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(image, x, y, width, height, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('the picture could not be encoded'))), 'image/jpeg', QUALITY),
  )
}
