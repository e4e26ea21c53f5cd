import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  undo: '撤销',
  channel: '频道',
  statuses: { '1': '待审核', '2': '已发布', '3': '未通过', '5': '已封禁', '0': '草稿', '4': '已删除' } as Record<string, string>,
  actionNames: { approve: '通过', reject: '驳回', delete: '删除', ban: '封禁', unban: '解封' } as Record<string, string>,
  done: {
    approve: '已通过',
    reject: '已驳回',
    delete: '已删除',
    ban: '已封禁',
    unban: '已解封',
    overturn: '申诉成立',
    uphold: '驳回申诉',
  } as Record<string, string>,
  doneTo: (done: string, title: string) => `${done}：《${title}》`,
  why: { reject: '为什么不通过？', ban: '为什么封禁？' } as Record<string, string>,
  whyHint: '作者会看到这个原因',
  deleteArticle: (title: string) => `删除《${title}》？删除后不能恢复。`,
  nothingToUndo: '没有可以撤销的操作：只有封禁和解封可以撤销',
  foundWords: '敏感词',
  history: '审核记录',
  lastReason: (reason: string) => `上次的原因：${reason}`,
  openAsReader: '以读者身份打开',
  loadingArticle: '正文正在加载',
  cover: '封面',
  decidedMeanwhile: (title: string, who: string, done: string) => `没有执行，${who} 先处理了《${title}》：${done}`,
  changedMeanwhile: (title: string, status: string) => `没有执行，作者已改动《${title}》，现在是：${status}`,
}

const en: typeof zh = {
  undo: 'Undo',
  channel: 'Channel',
  statuses: { '1': 'In review', '2': 'Published', '3': 'Rejected', '5': 'Banned', '0': 'Draft', '4': 'Deleted' },
  actionNames: { approve: 'Approve', reject: 'Reject', delete: 'Delete', ban: 'Ban', unban: 'Unban' },
  done: {
    approve: 'Approved',
    reject: 'Rejected',
    delete: 'Deleted',
    ban: 'Banned',
    unban: 'Unbanned',
    overturn: 'Appeal granted',
    uphold: 'Appeal turned down',
  },
  doneTo: (done, title) => `${done}: “${title}”`,
  why: { reject: 'Why is it rejected?', ban: 'Why is it banned?' },
  whyHint: 'The author reads this reason',
  deleteArticle: title => `Delete “${title}”? This cannot be undone.`,
  nothingToUndo: 'There is nothing to undo: only bans and their ends can be undone',
  foundWords: 'Sensitive words',
  history: 'Decisions so far',
  lastReason: reason => `The last reason: ${reason}`,
  openAsReader: 'Open as a reader',
  loadingArticle: 'The text is loading',
  cover: 'Cover',
  decidedMeanwhile: (title, who, done) => `Not done: ${who} was quicker with “${title}”: ${done}`,
  changedMeanwhile: (title, status) => `Not done: its author has changed “${title}”, which is now: ${status}`,
}

export const reviewWords = { ...words, ...translate(zh, en) }
