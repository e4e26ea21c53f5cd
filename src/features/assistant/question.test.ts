import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readQuestion } from './question.ts'

const CHANNELS = ['科技', '体育', '汽车', '教育', 'World', 'Science'].map((name, i) => ({ id: i + 1, name }))
const TODAY = '2026-11-29' // a Sunday

/** What was understood, in short: `news 科技 2026-11-28`, `about 芯片`. */
function read(question: string): string {
  const request = readQuestion(question, { channels: CHANNELS, today: TODAY })
  const parts: unknown[] = [request.kind]
  if (request.kind === 'news' && request.order !== 'newest') parts.push(request.order)
  if ('channel' in request && request.channel) parts.push(request.channel.name)
  if (request.kind === 'news') parts.push(...request.channels.map(({ name }) => name))
  if ('isNarrowed' in request && request.isNarrowed) parts.push('narrowed')
  if (request.kind === 'about') parts.push(request.words)
  if (request.kind === 'author') parts.push(request.name)
  if ('days' in request && request.days)
    parts.push(request.days.begin === request.days.end ? '' : `${request.days.begin}..${request.days.end}`)
  return parts.join(' ')
}

const QUESTIONS: Record<string, string> = {
  // Channels, in either language.
  有什么科技新闻: 'news 科技',
  '有科技新闻吗？': 'news 科技',
  '给我来几条最新的体育资讯。': 'news 体育',
  看看汽车: 'news 汽车',
  'what is new in technology': 'news 科技',
  'Any world news?': 'news World',
  "what's the latest science": 'news Science',
  给我看点国际新闻: 'news World',
  科技和体育: 'news 科技 体育',
  'technology and sports news': 'news 科技 体育',
  科技和芯片: 'about 科技 芯片',
  // Days.
  今天有什么新闻: 'news 2026-11-29..2026-11-30',
  昨天的科技新闻: 'news 科技 2026-11-28..2026-11-29',
  上周体育有什么大事: 'news 体育 2026-11-16..2026-11-23',
  周三有什么消息: 'news 2026-11-25..2026-11-26',
  周日有什么消息: 'news 2026-11-22..2026-11-23',
  '11月5日的教育新闻': 'news 教育 2026-11-05..2026-11-06',
  '12月1日有什么新闻': 'news 2025-12-01..2025-12-02',
  'what happened yesterday': 'news 2026-11-28..2026-11-29',
  'science news from Monday': 'news Science 2026-11-23..2026-11-24',
  'news of the weekend': 'news 2026-11-28..2026-11-30',
  'world news on March 3rd': 'news World 2026-03-03..2026-03-04',
  '2025-01-02有什么新闻': 'news 2025-01-02..2025-01-03',
  // No such day: what is left are words.
  '9999-12-31 新闻': 'about 9999-12-31',
  // Words, which may look like fillers.
  关于芯片的文章: 'about 芯片',
  有没有关于桥的文章: 'about 桥',
  有没有关于猫的新闻: 'about 猫',
  有没有关于大桥的文章: 'about 大桥',
  有没有有关桥的新闻: 'about 桥',
  上海有什么新闻: 'about 上海',
  新能源汽车: 'about 汽车 新能源',
  关于在线教育的报道: 'about 教育 在线',
  成都的消息: 'about 成都',
  科技馆: 'about 科技馆',
  回声芯片最近怎么样: 'about 回声芯片',
  關於智能手錶的文章: 'about 智能手表',
  昨天关于机器人的报道: 'about 机器人 2026-11-28..2026-11-29',
  推荐几篇关于围棋的文章: 'about 围棋',
  智能手表怎么用: 'about 智能手表怎么用',
  'articles about night trains': 'about night trains',
  'find me something on the library': 'about library',
  'tell me about flood defence, please': 'about flood defence',
  'the world cup': 'about World cup',
  // People.
  谁是李雷: 'author 李雷',
  李雷是谁: 'author 李雷',
  李雷写了什么: 'author 李雷',
  'who is Jane Doe?': 'author Jane Doe',
  'what did Offcut write': 'author Offcut',
  'stories by Offcut': 'author Offcut',
  // What only the reader may know.
  我昨天看了什么: 'read 2026-11-28..2026-11-29',
  '我看过什么？': 'read',
  'what did I read yesterday?': 'read 2026-11-28..2026-11-29',
  我收藏了哪些文章: 'collected',
  'show my saved articles': 'collected',
  我关注的作者有什么新文章: 'followed',
  'did I read anything about ferries': 'read narrowed',
  我看过什么科技新闻: 'read narrowed',
  我收藏的关于抑郁症的文章: 'collected narrowed',
  我上周看的文章: 'read 2026-11-16..2026-11-23',
  上周我都看啥了: 'read 2026-11-16..2026-11-23',
  'what was the last article I looked at': 'read',
  我上个星期收藏的文章: 'collected 2026-11-16..2026-11-23',
  我评论过的文章: 'own',
  我点赞过的文章: 'own',
  我的评论: 'own',
  'articles I liked': 'own',
  'what did I comment on?': 'own',
  'show my likes': 'own',
  // Not what they have done.
  我国发射了什么卫星: 'about 我国发射 卫星',
  我想看的是科技新闻: 'news 科技',
  'what did I miss': 'about miss',
  // The feed.
  推荐几篇文章: 'news recommended',
  '好无聊，有什么值得看的': 'news recommended',
  'what should I read': 'news recommended',
  大家都在看什么: 'news popular',
  科技热点: 'news popular 科技',
  最热新闻: 'news popular',
  最热的文章: 'news popular',
  最热门的文章: 'news popular',
  'what is popular right now': 'news popular',
  // Small talk.
  '你好！': 'greeting',
  'Hi there': 'greeting',
  谢谢你: 'thanks',
  你能做什么: 'help',
  你知道最近有什么科技新闻吗: 'news 科技',
  'what can you do?': 'help',
  你是谁: 'self',
  今天几号: 'date',
  有哪些频道: 'channels',
  // Not for an assistant that finds articles, one question at a time.
  讲个笑话: 'unknown',
  'tell me a joke': 'unknown',
  不要体育新闻: 'unknown',
  'Tell me more': 'unknown',
  'tell me more about ferries': 'about ferries',
  'the second one': 'unknown',
  'how many articles are there': 'unknown',
  '？！': 'unknown',
  'the of': 'unknown',
}

for (const [question, understood] of Object.entries(QUESTIONS))
  test(`“${question}” is understood as ${understood}`, () => assert.equal(read(question), understood))

test('a year that was asked for is named', () => {
  const request = readQuestion('2030年1月1日的新闻', { channels: CHANNELS, today: TODAY })
  assert.ok(request.kind === 'news' && request.days)
  assert.deepEqual([request.days.zh, request.days.en], ['2030年1月1日', 'on January 1, 2030'])
})
