// Words of the search.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  askAssistant: '问问新闻助手',
  searchHint: '搜文章，可用拼音或首字母',
  suggestions: '搜索建议',
  channel: '频道',
  histories: '最近搜索',
  forgetAll: '清空',
  forget: (keyword: string) => `删除“${keyword}”`,
  hot: '热门搜索',
  trends: { new: '新', up: '上升', same: '', down: '' },
  results: '搜索结果',
  found: (n: number) => (n === 0 ? '没有找到' : `找到 ${n} 篇`),
  instead: (query: string) => `没有原词的结果，已显示“${query}”`,
  filters: '筛选',
  sort: '排序',
  byRelevance: '按相关',
  byTime: '按时间',
  when: '发布时间',
  anyTime: '不限时间',
  withinDays: (days: string) => `${days} 天内`,
  anyChannel: '全部频道',
  onlyBy: (author: string) => `只看作者${author}`,
  anyAuthor: '全部作者',
  pictures: '图片',
  withOrWithout: '有图无图',
  withPictures: '有图',
  withoutPictures: '无图',
}

const en: typeof zh = {
  askAssistant: 'Ask the news assistant',
  searchHint: 'Search, also by pinyin',
  suggestions: 'Suggestions',
  channel: 'Channel',
  histories: 'Your last searches',
  forgetAll: 'Clear',
  forget: keyword => `Forget “${keyword}”`,
  hot: 'What others search for',
  trends: { new: 'new', up: 'rising', same: '', down: '' },
  results: 'Results',
  found: n => (n === 0 ? 'Nothing found' : n === 1 ? '1 story' : `${n} stories`),
  instead: query => `Nothing has these words. Showing “${query}”`,
  filters: 'Filters',
  sort: 'Order',
  byRelevance: 'Best first',
  byTime: 'Newest first',
  when: 'Published',
  anyTime: 'Any time',
  withinDays: days => (days === '1' ? 'Last day' : `Last ${days} days`),
  anyChannel: 'Any channel',
  onlyBy: author => `Only by ${author}`,
  anyAuthor: 'All authors',
  pictures: 'Pictures',
  withOrWithout: 'Any pictures',
  withPictures: 'With pictures',
  withoutPictures: 'Without pictures',
}

export const searchWords = { ...words, ...translate(zh, en) }
