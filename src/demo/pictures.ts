/** The path of an article's nth picture, relative to PUBLIC_URL. features/artwork draws the motif when it is requested. */
export const picturePath = (id: bigint, n: number, motif: string): string => `drawn/${id}-${n}-${motif}.svg`
