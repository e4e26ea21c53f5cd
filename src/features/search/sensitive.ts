// Recognises private queries and those a site does not want to propose. They are answered and kept in the reader's own
// history, but never suggested nor listed as hot.

/** Numbers of people: telephones, identity cards, accounts. Also addresses of mail and of sites. */
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

/** `normalized` as keys are: lower case, simplified, without control characters. */
export const isSensitive = (normalized: string): boolean => PERSONAL.test(normalized) || WORDS.some(word => normalized.includes(word))
