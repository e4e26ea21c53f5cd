// What a question asks for. Small talk and questions about the reader are known by their wording. Of the others the day, the channel
// and the words of asking are taken away; what is left is looked for. It knows how people ask a news feed, and no grammar.

import { normalize } from '../../engines/search/analysis/normalize.ts'
import { type Days, findDays } from './days.ts'
import { findChannel, type NamedChannel } from './topics.ts'

export type Small = 'greeting' | 'thanks' | 'farewell' | 'help' | 'self' | 'date' | 'channels'

export type Request<C extends NamedChannel = NamedChannel> =
  | { kind: Small }
  /** What the reader has read or collected, or what those they follow have published. */
  | {
      kind: 'read' | 'collected' | 'followed'
      days: Days | undefined
      /** Only about something, which the answer does not look at. */
      isNarrowed: boolean
    }
  /** Anything else that the reader has done, or that is theirs. */
  | { kind: 'own' }
  | { kind: 'news'; order: 'newest' | 'popular' | 'recommended'; channels: C[]; days: Days | undefined }
  | { kind: 'author'; name: string }
  | {
      kind: 'about'
      words: string
      channel: C | undefined
      days: Days | undefined
      /** The words with the channel's name, which may be meant as a word, and as they were typed. */
      whole: string
      name: string
      /** The question says that something is to be looked for. */
      isSure: boolean
    }
  | { kind: 'unknown' }

const SMALL: [Small, RegExp][] = [
  [
    'greeting',
    /^(你好|您好|嗨|哈喽|哈啰|早上?好|早安?|上午好|中午好|下午好|晚上好|在吗|在不在|有人吗|你好吗|最近好吗|hello|hi|hey|good (morning|afternoon|evening)|how are you|nice to meet you)( there| assistant|啊|呀|助手|小助手)?( today)?$/,
  ],
  [
    'thanks',
    /^((非常|太)?(谢谢|多谢|感谢)|谢了|thank you|thanks|thx|cheers).{0,12}$|^(你真棒|真棒|太好了|不错|great|nice|cool|well done|good job)$/,
  ],
  ['farewell', /^(再见|拜拜|回头见|晚安|bye( bye)?|goodbye|good night|see you.{0,8})$/],
  [
    'help',
    /^(帮助|help( me)?|menu|菜单)$|你(都)?(能|会|可以)(做|干|帮|回答|说|问).{0,4}(什么|哪些|啥)|你(都)?会(什么|啥)|^怎么(使?用|问)|有什么功能|what (can|do) you (do|know|answer)|what can i (ask|do)|how (do|can) (i|you) (use|work)|how does (this|it) work/,
  ],
  [
    'self',
    /^你(是|叫)(谁|什么|啥|人|机器人|ai|真人).{0,6}$|你的名字|^(who|what) are you$|your name|are you (a |an )?(ro)?(bot|human|real|person|ai|robot)/,
  ],
  [
    'date',
    /^(今天|现在)?(是)?(几号|星期几|周几|几月几号|什么日子|几点(了|钟)?)$|^what (day|date|time) is it( today| now)?$|^what( is|'s) (the |today's )(date|time|day)( today| now)?$/,
  ],
  ['channels', /(哪些|什么|几个|所有)频道|(what|which|list|all) (the )?(channels|topics|sections|categories)/],
]

/** What no article answers: jokes, numbers of articles, what is not wanted, and what was said before, which is not remembered. */
const NOT_UNDERSTOOD = [
  /^(?:请|给我|再)?(?:讲|说|来)(?:我听)?一?个?(?:笑话|段子)$|^tell (?:me|us) (?:a|another) joke$/,
  /^我?不要|^我?(?:别|不想|不看|不喜欢|少).*(?:看|推荐|新闻|文章|消息|资讯|内容)/,
  /^no (?:more )?.*\b(?:news|articles|stories)$|^(?:i )?(?:don't|do not) (?:want|like|show|need)\b/,
  /^(?:(?:tell|show|give) me )?more(?: please)?$|^(?:还有吗|还有呢|更多|再来(?:几个|几条|几篇|一些)?|继续)$/,
  /^(?:show me )?(?:the )?(?:first|second|third|fourth|fifth|last|next|previous) (?:one|article|story)$|^第[一二三四五六七八九十\d]+[个条篇](?:呢|是什么)?$/,
  /\bhow many (?:articles|stories|posts|news)\b|多少[篇条个]?(?:文章|新闻)/,
]

/** Before what the reader has done: not 我国, 给我 or 我想, and not "should I". */
const ME_ZH = '(?<!适合|[给帮让请跟为]|值得|告诉)我(?![们国军])(?:(?![想要该能可]).){0,8}?'
const ME_EN =
  "(?<!\\b(?:should|shall|can|could|would|may|might|must|do|if) )\\bi(?:'ve|'d)? (?:(?:just|once|also|have|had|ever|last|already|recently|even|really) )*"
const READ = new RegExp(
  `${ME_ZH}(?:看|读|浏览|点开?|打开)(?:了|过|的|(?:什么|啥|哪些).{0,4}了)|我.{0,4}(?:阅读|浏览)(?:历史|记录)|^(?:阅读|浏览)(?:历史|记录)|` +
    `(?:did|have|had) i (?:\\w+ )?(?:read|seen?|view|open|look|click|watch)|${ME_EN}(?:read|seen|saw|viewed|opened|looked|clicked|watched)\\b|` +
    'my (?:reading )?history',
)
const COLLECTED = new RegExp(
  `${ME_ZH}(?:收藏|存[了过的下])|我的收藏|^收藏夹?$|my (?:saved|collect|favou?rite|bookmark)|(?:did|have) i (?:save|collect|bookmark)|` +
    `${ME_EN}(?:saved|collected|bookmarked)\\b`,
)
const OWN = new RegExp(
  `${ME_ZH}(?:评论|点?赞|喜欢|写|发(?![生现展])|说|问|聊|搜|查|分享|转发|举报|屏蔽|拉黑|订阅).{0,2}?(?:[了过的谁啥]|什么|哪些)|` +
    '我的(?:评论|点?赞|喜欢|历史|记录|足迹|粉丝|关注|作品|文章|消息|私信|通知|账[号户]|资料|搜索)|' +
    `\\b(?:did|have|had) i (?!miss)|${ME_EN}(?!need|want|wish|hope|wonder|miss)(?:\\w{2,}ed|wrote|written|sent|said|made|left)\\b|` +
    '\\bmy (?:\\w+ )?(?:likes?|comments?|posts?|articles?|stories|searches|messages|chats|follow(?:er|ing)s?|notifications|account|profile|activity|drafts?)\\b',
)
const FOLLOWED = /我(所)?关注|(people|authors|creators|those|who|everyone|anyone|anybody) (that |whom |who )?i( a|')?m? ?follow/
const RECOMMENDED =
  /推荐|随便(看|来)|好看的|值得(一)?(看|读)|无聊|没事(做|干)|recommend|suggest|what (should|can|could|shall) i read|(something|anything|what) (\w+ )?(good )?to read|worth reading|bored|surprise me|for me$/g
const POPULAR =
  /最?热门|最热(?=的?(?:新闻|文章|消息|资讯|话题|内容|报道|$))|热点|热搜|最火|很火|火的|大家(都)?在(看|读|聊)|最多人|头条|popular|trending|\bhot(test)?\b|most[- ]read|top (news|stories|articles)|everyone (is )?reading/g

const AUTHOR = [
  /^(?:who is|who's|who was) (.+)$/,
  /^谁是(.+)$/,
  /^(.+?)是谁$/,
  /^(.+?)(?:最近)?(?:都)?(?:写|发表|发布)(?:了|过)(?:什么|哪些|啥|几篇)?.{0,4}$/,
  /\b(?:articles?|stories|story|posts?|anything|something|news|texts?)(?: written| published)? by (.+)$/,
  /^what (?:did|has|does) (.+?) (?:write|wrote|written|publish(?:ed)?|post(?:ed)?)(?: recently| lately)?$/,
]
const ABOUT = [
  /(?:关于|有关(?!于)|讲讲?|介绍(?:一下)?|搜索|搜一搜|搜(?:一下)?|查(?:一下|找|查)?|找(?:一下|找)?|想看|想了解|了解(?:一下)?|说说|聊聊)(.+)$/,
  /^(?:有没有|有什么|有|哪里有|给我|来点)?(.+?)(?:相关|方面)?的?(?:新闻|文章|消息|报道|资讯|动态|进展|故事|内容)/,
  /\b(?:about|regarding|concerning|search(?: for)?|find(?: me)?|look(?:ing)?(?: up| for)|tell me (?:about|of)|explain|news (?:on|of|from)|what (?:is|are)|what's|anything on)\s+(.+)$/,
]

const SUBJECT = /关于|有关|\b(?:about|regarding|concerning)\b/

/** Said by a question of nothing but fillers. */
const NEWS = /新|有|看|读|发生|资讯|消息|文章|\b(news?|latest|happen\w*|going on|headlines?|stor(y|ies)|articles?|read)\b/

/** Words that say how something is asked for, not what. */
const FILLERS_ZH =
  '请问 麻烦你 麻烦 帮我 帮忙 给我 能不能 可不可以 可以 我想要 我想 我要 想要 有没有 有什么 有哪些 有啥 有何 是什么 是啥 什么 哪些 怎么样 怎样 如何 一下 一些 一篇 几篇 几条 一点 最新的 最新 新的 新鲜事 最近的 最近 近期 近来 现在 随便 来点 看点 看些 来几篇 来几条 看看 想看 知道 了解 新闻 消息 文章 资讯 报道 动态 进展 内容 故事 大事 事情 发生 出了 频道 方面 领域 相关的 相关 关于 有关 大家都 大家 好看'
const FILLERS_EN =
  "what's what which who where is are was were there any anything some something newest new latest recent recently news article articles story stories headline headlines post posts show give get tell find search look me us for about regarding on in at of from the a an and or please can could would will you i i'd i'm my want need like to read see know happened happening happens happen going go do does did have has had channel section topic topics top most today right now lately this that it stuff thing things up good interesting let s re"
/** The longest first: `最新的` before `最新`. */
const alternatives = (words: string) =>
  words
    .split(' ')
    .toSorted((a, b) => b.length - a.length)
    .join('|')
const FILLER = new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives(FILLERS_EN)})(?![\\p{L}\\p{N}])|${alternatives(FILLERS_ZH)}`, 'gu')
/** Characters that are fillers only where they stand alone, or at an end: not the first one of 上海. */
const ALONE = /^[你我有看读新好在都里上来请问啥哪个的了吗呢吧啊呀么嘛是圈]+$/
const AT_ENDS = /^[的和与]+|[的了吗呢吧啊呀么嘛]+$/g

/** `today`: as `2026-11-29`. */
export function readQuestion<C extends NamedChannel>(typed: string, { channels, today }: { channels: C[]; today: string }): Request<C> {
  const text = normalize(typed)
    .replace(/[’`]/g, "'")
    .replace(/[^\p{L}\p{N}\p{M}'+#\-/. ]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  for (const [kind, pattern] of SMALL) if (pattern.test(text)) return { kind }
  if (NOT_UNDERSTOOD.some(pattern => pattern.test(text))) return { kind: 'unknown' }
  const { days, rest } = findDays(text, today)
  const isNarrowed = SUBJECT.test(rest) || findChannel(rest, channels).channel !== undefined
  if (READ.test(text)) return { kind: 'read', days, isNarrowed }
  if (COLLECTED.test(text)) return { kind: 'collected', days, isNarrowed }
  if (FOLLOWED.test(text)) return { kind: 'followed', days, isNarrowed }
  if (OWN.test(text)) return { kind: 'own' }
  for (const pattern of AUTHOR) {
    const name = pattern.exec(rest)?.[1]?.trim()
    if (name && !isFiller(name)) return { kind: 'author', name: asTyped(typed, name) }
  }
  const order = rest.search(RECOMMENDED) >= 0 ? 'recommended' : rest.search(POPULAR) >= 0 ? 'popular' : 'newest'
  const asked = rest.replaceAll(RECOMMENDED, ' ').replaceAll(POPULAR, ' ').trim()
  const subject = findSubject(asked) ?? asked
  const named = findChannel(subject, channels)
  const words = withoutFillers(named.rest)
  if (words === '') {
    const isNews = named.channel !== undefined || days !== undefined || order !== 'newest' || NEWS.test(rest)
    return isNews ? { kind: 'news', order, channels: named.channel ? [named.channel] : [], days } : { kind: 'unknown' }
  }
  const several = JOINED.test(typed) ? findChannels(subject, channels) : []
  if (several.length > 1) return { kind: 'news', order, channels: channels.filter(channel => several.includes(channel)), days }
  const about = { kind: 'about' as const, days, whole: withoutFillers(subject), name: asTyped(typed, subject), isSure: subject !== asked }
  // 科技馆 is a word of its own.
  const isOneWord = named.channel !== undefined && named.rest.length === 1
  return isOneWord ? { ...about, words: about.whole, channel: undefined } : { ...about, words, channel: named.channel }
}

const JOINED = /[和与跟及或、,，&]|\b(?:and|or|plus)\b/i

/** The channels of a text that names nothing else. */
function findChannels<C extends NamedChannel>(text: string, channels: C[]): C[] {
  const { channel, rest } = findChannel(text, channels)
  if (!channel) return []
  if (withoutFillers(rest) === '') return [channel]
  const others = findChannels(
    rest,
    channels.filter(({ id }) => id !== channel.id),
  )
  return others.length > 0 ? [channel, ...others] : []
}

/** What stands behind "about", "关于", or before "的新闻". */
function findSubject(text: string): string | undefined {
  for (const pattern of ABOUT) {
    const subject = pattern.exec(text)?.[1]?.trim()
    if (subject && !isFiller(subject)) return subject
  }
  return undefined
}

const LOOSE_MARKS = /(?<![\p{L}\p{N}])['\-/.]+|['\-/.]+(?![\p{L}\p{N}])/gu

function withoutFillers(text: string): string {
  const words = text.replace(FILLER, ' ').replace(LOOSE_MARKS, ' ').split(/\s+/)
  return words
    .filter(word => !ALONE.test(word))
    .map(word => word.replace(AT_ENDS, ''))
    .filter(Boolean)
    .join(' ')
}
const isFiller = (text: string) => withoutFillers(text) === ''

/** Names keep their capitals: two of them may differ in nothing else. */
function asTyped(typed: string, text: string): string {
  const at = typed.toLowerCase().indexOf(text)
  return at < 0 ? text : typed.slice(at, at + text.length)
}
