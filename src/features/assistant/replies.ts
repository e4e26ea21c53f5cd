// What the built-in assistant says, in the language of the question.

import type { Language } from '../../base/language.ts'
import type { Days } from './days.ts'

export type Words = typeof zh

const zh = {
  greeting: '你好，我是这里的新闻助手。想看什么？可以问我“有什么科技新闻”“昨天有什么新闻”，或者“关于芯片的文章”。',
  thanks: '不客气！还想看什么，尽管问。',
  farewell: '再见，祝你愉快！',
  help: '我帮你找这里的文章。可以这样问我：\n· 有什么科技新闻\n· 昨天有什么体育新闻\n· 关于芯片的文章\n· 某位作者写了什么\n· 推荐几篇文章 / 大家都在看什么\n· 我昨天看了什么 / 我收藏了什么\n· 有哪些频道',
  self: '我是这里的新闻助手，一个程序。我只知道这里的文章，帮你把它们找出来。',
  and: '和',
  date: (date: string) => `现在是 ${date}。`,
  channels: (names: string[]) => `这里有这些频道：${names.join('、')}。可以问我“有什么${names[0] ?? ''}新闻”。`,
  newest: (channel: string | undefined, days: Days | undefined) => `${days ? `${days.zh}的` : '最新的'}${channel ?? ''}文章：`,
  popular: (channel: string | undefined, days: Days | undefined) => `${days?.zh ?? '最近'}大家读得最多的${channel ?? ''}文章：`,
  recommended: '为你推荐：',
  foreign: '没有中文的。',
  noNews: (channel: string | undefined, days: Days | undefined) => `${days?.zh ?? '最近'}没有${channel ?? ''}文章。`,
  newestInstead: (channel: string | undefined) => `这是最新的${channel ?? ''}文章：`,
  about: (words: string, days: Days | undefined) => `${days ? `${days.zh}` : ''}关于“${words}”的文章：`,
  rephrased: (words: string, instead: string) => `没有找到“${words}”，你可能想找“${instead}”：`,
  nearly: (words: string) => `没有文章正好讲“${words}”，这些最接近：`,
  nothing: (words: string, days: Days | undefined) => `${days ? `${days.zh}` : '这里'}没有关于“${words}”的文章。换个词试试？`,
  otherDays: (words: string, days: Days) => `${days.zh}没有关于“${words}”的文章，别的日子有：`,
  author: (name: string) => `${name} 是这里的作者，最近写了：`,
  noAuthor: (name: string) => `这里没有叫“${name}”的作者，但这些文章提到了：`,
  unknownName: (name: string) => `我不认识“${name}”：这里没有这样的作者，也没有文章提到。`,
  read: (days: Days | undefined) => `${days?.zh ?? '最近'}你看过：`,
  nothingRead: (days: Days | undefined) => `${days?.zh ?? '最近'}没有你的阅读记录。`,
  collected: (days: Days | undefined) => `你${days?.zh ?? ''}收藏的文章：`,
  nothingCollected: (days: Days | undefined) => `你${days?.zh ?? ''}还没有收藏文章。`,
  followed: (days: Days | undefined) => `你关注的作者${days?.zh ?? '最近'}发布了：`,
  nothingFollowed: (days: Days | undefined) => `你关注的作者${days?.zh ?? '最近'}没有发布文章。`,
  own: '这是你自己的事，我查不到。我只能找你看过、收藏过的文章，和你关注的作者发布的文章。',
  notNarrowed: '你的记录我不能按主题或频道筛选，只能按日期。',
  signIn: '我不知道你是谁。登录以后再问我，我才能看到你的记录。',
  unknown: '这个我不懂。我只能找这里的文章，比如“有什么科技新闻”“关于芯片的文章”，或者发“帮助”看看还能问什么。',
  sorry: '抱歉，助手暂时没能回答，请稍后再试。',
  sorryButFound: '抱歉，助手暂时没能回答。不过这些文章可能有用：',
  tooMany: '你问得太快了，请过一分钟再问。',
  tooLong: '这段话太长了，请说短一点。',
}

const en: Words = {
  greeting: 'Hello! What would you like to read? Ask me “what is new in technology”, “news of yesterday” or “articles about ferries”.',
  thanks: 'You are welcome! Ask me whenever you want to read something.',
  farewell: 'Goodbye, and enjoy your day!',
  help: 'I find articles here. You can ask me:\n· what is new in science\n· culture news of yesterday\n· articles about ferries\n· what did an author write\n· recommend something / what is popular\n· what did I read yesterday / what did I save\n· which channels are there',
  self: 'I am the news assistant here, a program. I know the articles of this site, and find them for you.',
  and: ' and ',
  date: date => `It is ${date}.`,
  channels: names => `These are the channels: ${names.join(', ')}. Ask me “what is new in ${names.at(-1) ?? ''}”.`,
  newest: (channel, days) =>
    `${days ? 'Articles' : 'The newest articles'}${channel ? ` in ${channel}` : ''}${days ? ` from ${ofDays(days)}` : ''}:`,
  popular: (channel, days) => `What most people have read${channel ? ` in ${channel}` : ''}${days ? ` from ${ofDays(days)}` : ' lately'}:`,
  recommended: 'For you:',
  foreign: 'There are none in English. ',
  noNews: (channel, days) => `There are no articles${channel ? ` in ${channel}` : ''}${days ? ` from ${ofDays(days)}` : ''}.`,
  newestInstead: channel => `These are the newest${channel ? ` in ${channel}` : ''}:`,
  about: (words, days) => `Articles about “${words}”${days ? ` from ${ofDays(days)}` : ''}:`,
  rephrased: (words, instead) => `I found nothing about “${words}”. Did you mean “${instead}”?`,
  nearly: words => `No article is exactly about “${words}”. These come closest:`,
  nothing: (words, days) => `There are no articles about “${words}”${days ? ` from ${ofDays(days)}` : ' here'}. Try another word?`,
  otherDays: (words, days) => `There are none about “${words}” from ${ofDays(days)}. These are from other days:`,
  author: name => `${name} writes here. The newest of theirs:`,
  noAuthor: name => `No author here is called “${name}”. These articles have the name:`,
  unknownName: name => `I do not know “${name}”: no author has that name, and no article mentions it.`,
  read: days => `You read${days ? ` ${days.en}` : ''}:`,
  nothingRead: days => `There is nothing that you read${days ? ` ${days.en}` : ''}.`,
  collected: days => `You saved${days ? ` ${days.en}` : ''}:`,
  nothingCollected: days => `You have not saved anything${days ? ` ${days.en}` : ' yet'}.`,
  followed: days => `The authors you follow published${days ? ` ${days.en}` : ''}:`,
  nothingFollowed: days => `The authors you follow have published nothing${days ? ` ${days.en}` : ' lately'}.`,
  own: 'That is yours, and I cannot look it up. I can find what you read, what you saved, and what the authors you follow published.',
  notNarrowed: 'I cannot narrow down what is yours by subject or channel, only by day. ',
  signIn: 'I do not know who you are. Sign in and ask me again, then I can look at what is yours.',
  unknown: 'That I do not know. I can only find articles here: try “what is new in science” or “articles about ferries”, or send “help”.',
  sorry: 'Sorry, the assistant has no answer just now. Please try again later.',
  sorryButFound: 'Sorry, the assistant has no answer just now. These articles may help:',
  tooMany: 'That was very fast. Please ask again in a minute.',
  tooLong: 'That is too long. Please say it in fewer words.',
}

/** `on Monday` becomes `Monday`. */
const ofDays = (days: Days) => days.en.replace(/^(on|at) /, '')

export const wordsOf = (language: Language): Words => ({ zh, en })[language]
