// Recognises private queries, and queries that a site does not want to suggest. They are answered and kept in the reader's own
// history, but neither suggested nor listed as hot.

/** Numbers of telephones, identity cards, accounts; mail addresses and URLs. */
const PERSONAL = /\d{6}|@|:\/\/|www\./

/** Written with spaces, or in Chinese numerals. Shorter ones are also a year beside a number. */
const LONG_NUMBER = /\d{9}/
const NUMERALS = '零一二三四五六七八九'
const withDigits = (text: string) =>
  text.replace(/[\s\-.]/g, '').replace(/[〇零一二三四五六七八九]/g, each => String(Math.max(0, NUMERALS.indexOf(each))))

const WORDS = [
  '密码',
  '自杀',
  '自残',
  '毒品',
  '吸毒',
  '枪支',
  '赌博',
  '色情',
  '裸照',
  '裸聊',
  '约炮',
  '嫖',
  '卖淫',
  '代孕',
  '办证',
  '翻墙',
  'porn',
  'sex',
  'suicide',
]

/** `normalized` like a key (keyOf): lower case, simplified, without control characters. */
export const isSensitive = (normalized: string): boolean =>
  PERSONAL.test(normalized) || LONG_NUMBER.test(withDigits(normalized)) || WORDS.some(word => normalized.includes(word))
