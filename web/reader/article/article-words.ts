// Words of the screen of an article.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  notKept: '当前离线，这篇文章没有存下来',
  articleGone: '文章不存在',
  articleGoneHint: '它可能已被作者撤下。',
  readOn: '接着读',
  actions: '对这篇文章的操作',
  writeComment: '写评论…',
  share: '分享',
  linkCopied: '链接已复制',
  notShared: (url: string) => `没有复制成功：${url}`,
  readBefore: '上次读到一半',
  readOnFromThere: '从那里继续',
  neighbours: '上一篇和下一篇',
  previousArticle: '上一篇',
  nextArticle: '下一篇',
  enlarge: '放大图片',
  picture: (at: number, of: number) => `图片 ${at} / ${of}`,
  previousPicture: '上一张',
  nextPicture: '下一张',
}

const en: typeof zh = {
  notKept: 'You are offline, and this story is not kept',
  articleGone: 'This story does not exist',
  articleGoneHint: 'Its author may have withdrawn it.',
  readOn: 'Read on',
  actions: 'What you can do with this story',
  writeComment: 'Comment…',
  share: 'Share',
  linkCopied: 'The link is copied',
  notShared: url => `It could not be copied: ${url}`,
  readBefore: 'You read a part of this',
  readOnFromThere: 'Go on from there',
  neighbours: 'Previous and next story',
  previousArticle: 'Previous',
  nextArticle: 'Next',
  enlarge: 'Enlarge the picture',
  picture: (at, of) => `Picture ${at} of ${of}`,
  previousPicture: 'Previous picture',
  nextPicture: 'Next picture',
}

export const articleWords = { ...words, ...translate(zh, en) }
