// Words of what the studio and the back office share.

import { translate } from '../language.ts'

const zh = {
  skipToContent: '跳到正文',
  cancel: '取消',
  delete: '删除',
  pages: '分页',
  page: (n: number) => `第 ${n} 页`,
  nextPage: '下一页',
  previousPage: '上一页',
}

const en: typeof zh = {
  skipToContent: 'Skip to the content',
  cancel: 'Cancel',
  delete: 'Delete',
  pages: 'Pages',
  page: n => `Page ${n}`,
  nextPage: 'Next page',
  previousPage: 'Previous page',
}

export const frameWords = translate(zh, en)
