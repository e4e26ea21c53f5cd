// Words of the first visit and of the screen of a viewer's interests.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  whatDoYouLike: '你喜欢看什么？',
  pickHint: '点几样，下一页就跟着变。不用注册。',
  showMine: '换上我选的',
  later: '以后再说',
  and: '、',
  picked: (n: number, of: number, names: string) => `这一页 ${of} 篇里有 ${n} 篇来自你选的${names}，都标着“你选的频道”。`,
  changeInterests: '更改',
  nextPage: '从下一页起生效。每张卡片的“为什么看到它”会说明原因。',
  language: '文章的语言',
  languages: { both: '中文和英文', zh: '中文优先', en: '英文优先' },
}

const en: typeof zh = {
  whatDoYouLike: 'What do you like?',
  pickHint: 'Tap a few, and the next page follows. No account needed.',
  showMine: 'Show me these',
  later: 'Not now',
  and: ', ',
  picked: (n, of, names) => `Of the ${of} stories on this page ${n} come from ${names}: each is marked “You picked this”.`,
  changeInterests: 'Change',
  nextPage: 'They hold from the next page on. “Why this?” on each card tells what came of them.',
  language: 'Language of the stories',
  languages: { both: 'Both', zh: 'Chinese first', en: 'English first' },
}

export const interestWords = { ...words, ...translate(zh, en) }
