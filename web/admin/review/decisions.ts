// What an editor decides, as the API's numbers, and which key does it. Which of them an article allows, the server says with the article.

export type Decision = 'approve' | 'reject' | 'delete' | 'ban' | 'unban'

export const STATUS_OF: Record<Decision, number> = { approve: 2, reject: 3, delete: 4, ban: 5, unban: 6 }

export const KEYS: Record<string, Decision> = { a: 'approve', r: 'reject', b: 'ban', n: 'unban', d: 'delete' }

/** An approval cannot be taken back: readers have seen the article. It can be banned. */
export const INVERSE: Partial<Record<Decision, Decision>> = { ban: 'unban', unban: 'ban' }

/** Decisions whose reason the author reads. */
export const WITH_REASON: Decision[] = ['reject', 'ban']
