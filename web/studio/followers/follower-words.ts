import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  noFollowers: '还没有粉丝',
  followersCount: (n: number) => `共 ${n} 位粉丝`,
  mutual: '互相关注',
  fans: (n: string) => `${n} 粉丝`,
  gender: '性别',
  male: '男',
  female: '女',
  age: '年龄',
  ages: { le18: '18 及以下', le23: '19–23', le30: '24–30', le40: '31–40', le50: '41–50', gt50: '50 以上' } as Record<string, string>,
  device: '设备',
}

const en: typeof zh = {
  noFollowers: 'No followers yet',
  followersCount: n => (n === 1 ? '1 follower' : `${n} followers`),
  mutual: 'You follow each other',
  fans: n => (n === '1' ? '1 follower' : `${n} followers`),
  gender: 'Gender',
  male: 'Male',
  female: 'Female',
  age: 'Age',
  ages: { le18: 'up to 18', le23: '19–23', le30: '24–30', le40: '31–40', le50: '41–50', gt50: 'over 50' },
  device: 'Device',
}

export const followerWords = { ...words, ...translate(zh, en) }
