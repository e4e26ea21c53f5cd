import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  commentsOf: (title: string) => `《${title}》的评论`,
  noComments: '还没有评论',
  reply: '回复',
  send: '发送',
  pin: '置顶',
  unpin: '取消置顶',
  pinnedMark: '已置顶',
  replies: (n: number) => `${n} 条回复`,
  deleteComment: '删除这条评论？',
  more: '更多',
}

const en: typeof zh = {
  commentsOf: title => `Comments on “${title}”`,
  noComments: 'No comments yet',
  reply: 'Answer',
  send: 'Send',
  pin: 'Pin',
  unpin: 'Unpin',
  pinnedMark: 'Pinned',
  replies: n => (n === 1 ? '1 answer' : `${n} answers`),
  deleteComment: 'Delete this comment?',
  more: 'More',
}

export const commentWords = { ...words, ...translate(zh, en) }
