// Recognises private queries, and queries that a site does not want to suggest. They are answered and kept in the reader's own
// history, but neither suggested nor listed as hot.

/** Numbers of telephones, identity cards, accounts; mail addresses and URLs. */
const PERSONAL = /\d{6}|@|:\/\/|www\./

const WORDS = [
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
export const isSensitive = (normalized: string): boolean => PERSONAL.test(normalized) || WORDS.some(word => normalized.includes(word))
