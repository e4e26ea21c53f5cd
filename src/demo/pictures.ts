/** The path of an article's nth picture, relative to PUBLIC_URL. features/artwork draws it when it is requested. */
export const picturePath = (id: bigint, n: number): string => `drawn/${id}-${n}.svg`
