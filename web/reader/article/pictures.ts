/** Height to width, from which a picture would be a thin strip on the screen. */
const TALL = 3

export const isTall = ({ naturalHeight, naturalWidth }: Pick<HTMLImageElement, 'naturalHeight' | 'naturalWidth'>): boolean =>
  naturalHeight > TALL * naturalWidth
