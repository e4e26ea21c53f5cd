import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  waiting: '待处理',
  nothingWaiting: '没有待处理的内容',
  unknown: '未知',
  failedJobs: '上次失败的任务',
  setAside: '被搁置的变更',
  drifted: '上次比对有偏差的计数',
  figures: '今天',
  chart: (name: string) => `${name}：最近 14 天`,
  figure: '指标',
  figureNames: {
    access: '请求',
    access_ip: '访问地址',
    day_activate: '活跃用户',
    new_user: '新用户',
    article: '发布文章',
    comment: '评论',
    read: '阅读',
    forward: '转发',
    search: '搜索',
  } as Record<string, string>,
  total: (n: string) => `累计 ${n}`,
  week: (percent: string) => `近 7 天 ${percent}`,
  searched: '热门搜索',
  searchers: '搜索人数',
}

const en: typeof zh = {
  waiting: 'Waiting for you',
  nothingWaiting: 'Nothing is waiting',
  unknown: 'Not known',
  failedJobs: 'Jobs whose last run failed',
  setAside: 'Changes set aside',
  drifted: 'Counts that had drifted when last compared',
  figures: 'Today',
  chart: name => `${name}: the last 14 days`,
  figure: 'Figure',
  figureNames: {
    access: 'Requests',
    access_ip: 'Addresses',
    day_activate: 'Active readers',
    new_user: 'New readers',
    article: 'Articles published',
    comment: 'Comments',
    read: 'Reads',
    forward: 'Shares',
    search: 'Searches',
  },
  total: n => `${n} in all`,
  week: percent => `${percent} in a week`,
  searched: 'What readers search for',
  searchers: 'Readers',
}

export const dashboardWords = { ...words, ...translate(zh, en) }
