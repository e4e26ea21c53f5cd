// Words of what is kept in this browser, and of the app on the home screen.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  kept: '离线文章',
  keptHint: '打开过的最近 50 篇文章会存在这台设备上，没有网络也能读。退出登录时会清除。',
  noKept: '还没有离线文章。打开一篇文章，它就会存下来',
  cannotKeep: '这个浏览器（或不加密的网址）不能存离线文章',
  forget: '删除',
  forgetAll: '全部删除',
  forgotten: '已删除',
  install: '安装到桌面',
  installHint: '把 Broadsheet 放到桌面，打开更快',
}

const en: typeof zh = {
  kept: 'Offline stories',
  keptHint: 'The last 50 stories you opened are kept on this device and can be read without a network. Signing out deletes them.',
  noKept: 'No offline stories yet. A story is kept when you open it',
  cannotKeep: 'This browser, or an address without encryption, cannot keep stories',
  forget: 'Delete',
  forgetAll: 'Delete all',
  forgotten: 'Deleted',
  install: 'Install the app',
  installHint: 'Broadsheet opens faster from your home screen',
}

export const offlineWords = { ...words, ...translate(zh, en) }
