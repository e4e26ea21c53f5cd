// Words of the inbox.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'
import type { Group } from './inbox-queries.ts'

const zh = {
  chats: '私信',
  chatsUnread: (n: string) => `私信 · ${n} 条未读`,
  assistant: '新闻助手',
  noNotices: '还没有通知',
  push: '页面关闭时也在这台设备上通知我',
  pushNotAllowed: '浏览器不允许通知。请在网站设置里打开',
  pushFailed: '暂时无法更改，请稍后再试',
  someone: '有人',
  people: (names: string[], count: number) => (count > names.length ? `${names.join('、')} 等 ${count} 人` : names.join('、')),
  did: {
    like: (who: string, what: string) => `${who} 赞了《${what}》`,
    follow: (who: string) => `${who} 关注了你`,
    comment: (who: string, what: string) => `${who} 评论了《${what}》`,
    reply: (who: string, what: string) => `${who} 回复了你在《${what}》的评论`,
    'comment-like': (who: string, what: string) => `${who} 赞了你在《${what}》的评论`,
    article: (who: string, what: string) => `${who} 发布了《${what}》`,
  } as Record<Group['kind'], (who: string, what: string) => string>,
  goneArticle: '已删除的文章',
}

const en: typeof zh = {
  chats: 'Messages',
  chatsUnread: n => `Messages · ${n} unread`,
  assistant: 'News assistant',
  noNotices: 'No notifications yet',
  push: 'Notify me on this device when the page is closed, too',
  pushNotAllowed: 'The browser does not allow notifications. Allow them in the settings of this site',
  pushFailed: 'This cannot be changed now. Try again later',
  someone: 'Someone',
  people: (names, count) => (count > names.length ? `${names.join(', ')} and ${count - names.length} others` : names.join(' and ')),
  did: {
    like: (who, what) => `${who} liked “${what}”`,
    follow: who => `${who} followed you`,
    comment: (who, what) => `${who} commented on “${what}”`,
    reply: (who, what) => `${who} answered your comment on “${what}”`,
    'comment-like': (who, what) => `${who} liked your comment on “${what}”`,
    article: (who, what) => `${who} published “${what}”`,
  },
  goneArticle: 'a story that is gone',
}

export const inboxWords = { ...words, ...translate(zh, en) }
