/** The pattern for LIKE that finds `text` anywhere in a column. */
export const likeAnywhere = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`
