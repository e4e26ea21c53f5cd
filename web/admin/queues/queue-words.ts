import { translate } from '../../shared/language.ts'
import { reportReasons } from '../../shared/report-reasons.ts'
import { words } from '../words.ts'

const zh = {
  approve: '通过',
  refuse: '不通过',
  on: (title: string) => `评论于《${title}》`,
  foundWords: (found: string) => `敏感词：${found}`,
  approved: '已通过，读者现在可以看到',
  refused: '没有通过',
  keep: '保留',
  remove: '下架或删除',
  removeTitle: '为什么不能保留？',
  removeHint: '作者会看到这个原因',
  kept: '已保留，举报已处理',
  removed: '已处理',
  removedBefore: '读者已经看不到它，举报已处理',
  reportedBy: (n: number) => `${n} 人举报`,
  kinds: { article: '文章', comment: '评论', message: '私信' },
  grant: '申诉成立',
  turnDown: '驳回申诉',
  granted: '文章恢复发布，作者会看到答复',
  turnedDown: '已驳回，作者会看到答复',
  answer: '给作者的答复',
  decided: (reviewer: string, action: string) => `${reviewer} ${action}`,
  actionNames: { approve: '通过', reject: '驳回', ban: '封禁', unban: '解封', delete: '删除', uphold: '维持', overturn: '改判' } as Record<
    string,
    string
  >,
  because: (reason: string) => `原因：${reason}`,
  quicker: (who: string, decision: string) => `没有执行，${who} 先处理了：${decision}`,
  decidedMeanwhile: '另一位编辑已经处理，或作者已经改动',
  reasons: reportReasons,
}

const en: typeof zh = {
  approve: 'Approve',
  refuse: 'Refuse',
  on: title => `On “${title}”`,
  foundWords: found => `Sensitive words: ${found}`,
  approved: 'Approved; readers see it now',
  refused: 'Refused',
  keep: 'Keep',
  remove: 'Take away',
  removeTitle: 'Why can it not stay?',
  removeHint: 'The author reads this reason',
  kept: 'Kept; the reports are dealt with',
  removed: 'Taken away',
  removedBefore: 'Readers did not see it any more; the reports are dealt with',
  reportedBy: n => (n === 1 ? '1 report' : `${n} reports`),
  kinds: { article: 'Article', comment: 'Comment', message: 'Chat message' },
  grant: 'Grant',
  turnDown: 'Turn down',
  granted: 'The article is published again; the author reads the answer',
  turnedDown: 'Turned down; the author reads the answer',
  answer: 'Answer to the author',
  decided: (reviewer, action) => `${reviewer}: ${action}`,
  actionNames: {
    approve: 'approved',
    reject: 'rejected',
    ban: 'banned',
    unban: 'unbanned',
    delete: 'deleted',
    uphold: 'upheld',
    overturn: 'overturned',
  },
  because: reason => `Reason: ${reason}`,
  quicker: (who, decision) => `Not done: ${who} was quicker: ${decision}`,
  decidedMeanwhile: 'Another editor has decided about it, or its author has changed it',
  reasons: reportReasons,
}

export const queueWords = { ...words, ...translate(zh, en) }
