// Words of the sheet that says why an article was shown.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

/** What a factor says when it raises the score, and when it lowers it. */
type Factor = { name: string; raises: string; lowers: string }

const zh = {
  whyRanked: '它为什么排在这里',
  whyNeutral: '没有特别的加分或减分',
  raises: '加分',
  lowers: '减分',
  details: '查看数字',
  justPublished: '刚刚发布',
  listedByDate: '来自按发布时间排的全部文章',
  decays: '刚发布是 ×1，随时间变小，每篇都这样',
  lessOfThis: '不想看这些？',
  candidates: (n: number) => `这一页选自 ${n} 篇候选`,
  sources: {
    following: '来自你关注的作者',
    covisited: '读过你读的那些文章的人，也读了它',
    interests: '来自你选的频道',
    similar: '和你最近读的内容相近',
    collaborative: '与你口味相近的人喜欢它',
    trending: '最近很多人在读',
    fresh: '新近发布',
    explore: '新文章，还没有多少人见过，请你先看看',
    leaderboard: '在热门榜上',
    pinned: '编辑置顶',
    rest: '之前推荐过，你还没有读',
    seen: '你读过的，新的已经读完',
  } as Record<string, string>,
  factors: {
    model: { name: '点开的可能', raises: '你很可能会读它', lowers: '你不太会读它' },
    appeal: { name: '热度', raises: '很多人在读', lowers: '还没有多少人读' },
    freshness: { name: '新鲜', raises: '比这一页的其他文章新', lowers: '比这一页的其他文章旧' },
    closeness: { name: '关注', raises: '你关注这位作者', lowers: '' },
    taste: { name: '常看的频道', raises: '你常看这个频道', lowers: '' },
    choice: { name: '选择的频道', raises: '你选了这个频道', lowers: '' },
    disinterest: { name: '不感兴趣', raises: '', lowers: '你对类似的文章不感兴趣' },
    language: { name: '语言', raises: '', lowers: '不是你选的语言' },
    likeness: { name: '与读过的相近', raises: '和最近读过的相近', lowers: '' },
    source: { name: '来源的比重', raises: '来自这里的文章优先', lowers: '来自这里的文章靠后' },
    turn: { name: '出现过', raises: '', lowers: '之前已经出现过' },
  } as Record<string, Factor>,
}

const en: typeof zh = {
  whyRanked: 'Why it is ranked here',
  whyNeutral: 'No particular reason for or against it',
  raises: 'raises it',
  lowers: 'lowers it',
  details: 'Show the numbers',
  justPublished: 'Just published',
  listedByDate: 'From the list of all stories by date',
  decays: '×1 when published, less with age, for every story',
  lessOfThis: 'Rather not see this?',
  candidates: n => `This page was chosen from ${n} candidates`,
  sources: {
    following: 'From an author you follow',
    covisited: 'Readers of what you read opened it too',
    interests: 'From a channel you picked',
    similar: 'Close to what you read lately',
    collaborative: 'Liked by people with a taste like yours',
    trending: 'Many people are reading it',
    fresh: 'Newly published',
    explore: 'New and hardly seen yet: you are among the first',
    leaderboard: 'Among what is read most',
    pinned: 'Pinned by the editors',
    rest: 'Offered before, and not read yet',
    seen: 'You have seen it: there is nothing newer left',
  },
  factors: {
    model: { name: 'Likelihood', raises: 'You are likely to read it', lowers: 'You are less likely to read it' },
    appeal: { name: 'Popularity', raises: 'Many people read it', lowers: 'Few people have read it yet' },
    freshness: { name: 'Freshness', raises: 'Newer than the others on this page', lowers: 'Older than the others on this page' },
    closeness: { name: 'Followed author', raises: 'You follow the author', lowers: '' },
    taste: { name: 'Channels you read', raises: 'You often read this channel', lowers: '' },
    choice: { name: 'Channels you picked', raises: 'You picked this channel', lowers: '' },
    disinterest: { name: 'Not interested', raises: '', lowers: 'You were not interested in something like it' },
    language: { name: 'Language', raises: '', lowers: 'Not in the language you chose' },
    likeness: { name: 'Like what you read', raises: 'Like what you read lately', lowers: '' },
    source: { name: 'Weight of its source', raises: 'What comes this way goes first', lowers: 'What comes this way goes last' },
    turn: { name: 'Shown before', raises: '', lowers: 'It was on a page before' },
  },
}

export const whyWords = { ...words, ...translate(zh, en) }
