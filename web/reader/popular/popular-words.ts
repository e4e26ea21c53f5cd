// Words of the popular lists and of the column beside the feed.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  followed: '你关注的作者',
  nothingYet: '过去一天还没有上榜的文章',
  keys: '快捷键',
  shortcuts: [
    ['j', '下一篇'],
    ['k', '上一篇'],
    ['o', '打开'],
    ['l', '赞'],
    ['s', '收藏'],
    ['/', '搜索'],
    ['?', '快捷键'],
  ] as [key: string, action: string][],
}

const en: typeof zh = {
  followed: 'Authors you follow',
  nothingYet: 'Nothing stood out in the last day',
  keys: 'Keys',
  shortcuts: [
    ['j', 'next'],
    ['k', 'previous'],
    ['o', 'open'],
    ['l', 'like'],
    ['s', 'save'],
    ['/', 'search'],
    ['?', 'these keys'],
  ],
}

export const popularWords = { ...words, ...translate(zh, en) }
