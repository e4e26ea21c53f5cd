// What an administrator may be allowed to do. A group of administrators has some of these codes; the rows of the table
// `permission` give each one a name and a place in the tree (migrations).

/** The contract's codes. */
const CONTRACT = [
  'administrator-list-get',
  'administrator-list-post',
  'administrator-get',
  'administrator-put',
  'administrator-delete',
  'group-list-get',
  'group-list-post',
  'group-get',
  'group-put',
  'group-delete',
  'permission-list-get',
  'permission-list-post',
  'permission-get',
  'permission-put',
  'permission-delete',
  'operationlog-get',
  'userlist-get',
  'userlist-post',
  'userlist-put',
  'user-get',
  'legalize-list-get',
  'legalize-list-put',
  'legalize-get',
  'channel-list-get',
  'channel-list-post',
  'channel-list-put',
  'channel-list-delete',
  'article-list-get',
  'article-list-put',
  'article-get',
  'sensitive-word-list-get',
  'sensitive-word-list-post',
  'sensitive-word-get',
  'sensitive-word-put',
  'sensitive-word-delete',
  'statistics-basic-get',
  'statistics-search-get',
  'statistics-search-total-get',
  'statistics-sales-total-get',
  'statistics-read-source-total-get',
] as const

/** Those of what the contract lacks, under /v1/admin. */
const OWN = [
  'report-list-get',
  'report-list-put',
  'held-comment-list-get',
  'held-comment-list-put',
  'appeal-list-get',
  'appeal-list-put',
  'announcement-list-get',
  'announcement-list-post',
  'announcement-list-delete',
  'pinned-list-get',
  'pinned-list-put',
  'identity-get',
  'mobile-put',
  'job-list-get',
  'job-list-put',
  'counter-list-get',
  'counter-list-put',
  'consumer-list-get',
  'consumer-list-put',
  'cache-list-get',
  'recommender-get',
  'recommender-put',
  'query-list-get',
  'behaviour-list-post',
] as const

export const PERMISSION_CODES = [...CONTRACT, ...OWN]
export type PermissionCode = (typeof PERMISSION_CODES)[number]

export const isPermissionCode = (code: string): code is PermissionCode => (PERMISSION_CODES as readonly string[]).includes(code)
