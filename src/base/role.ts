/** What a process does; `ROLES` in the environment chooses. */
export const ROLES = ['api', 'realtime', 'recommender', 'worker'] as const
export type Role = (typeof ROLES)[number]
