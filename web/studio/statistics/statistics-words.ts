import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  period: '时间',
  allTime: '全部时间',
  lastDays: (n: number) => `最近 ${n} 天`,
  readCount: '阅读',
  commentCount: '评论',
  collectCount: '收藏',
  repostCount: '转发',
  perArticle: '每篇文章（全部时间）',
  noPublished: '还没有发布的文章',
  averageRead: '平均读完比例',
  bounceRate: '跳出率',
  timeSpent: '平均阅读时间',
  seconds: (n: string) => `${n} 秒`,
  conversion: '从展示到评论',
  conversionNames: { reco_count: '展示', read_count: '阅读', fans_read_count: '粉丝阅读', comment_count: '评论' } as Record<string, string>,
  origin: '从哪里来',
  originNames: { recommend: '推荐', channel: '频道', relation: '关系', outter: '站外', other: '其他' } as Record<string, string>,
  completed: '读了多少',
  completedNames: { gt80: '80% 以上', lt80: '20%–80%', lt20: '不到 20%' } as Record<string, string>,
  backToAll: '全部文章的数据',
}

const en: typeof zh = {
  period: 'Period',
  allTime: 'All time',
  lastDays: n => `Last ${n} days`,
  readCount: 'Reads',
  commentCount: 'Comments',
  collectCount: 'Collected',
  repostCount: 'Shared',
  perArticle: 'Each story (all time)',
  noPublished: 'Nothing is published yet',
  averageRead: 'Read on average',
  bounceRate: 'Bounce rate',
  timeSpent: 'Average reading time',
  seconds: n => `${n} s`,
  conversion: 'From impression to comment',
  conversionNames: { reco_count: 'Impressions', read_count: 'Reads', fans_read_count: 'Reads by followers', comment_count: 'Comments' },
  origin: 'Where readers came from',
  originNames: { recommend: 'Recommended', channel: 'Channels', relation: 'Relations', outter: 'Elsewhere', other: 'Other' },
  completed: 'How far they read',
  completedNames: { gt80: 'over 80 %', lt80: '20–80 %', lt20: 'under 20 %' },
  backToAll: 'Statistics of all stories',
}

export const statisticsWords = { ...words, ...translate(zh, en) }
