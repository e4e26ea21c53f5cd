import { translate } from '../../shared/language.ts'
import { reportReasons } from '../../shared/report-reasons.ts'
import { words } from '../words.ts'

const zh = {
  why: '举报原因',
  choose: '请选择一个原因',
  inYourWords: '请说明',
  send: '提交',
  thanks: '已收到，谢谢。编辑会查看',
  already: '你已经举报过了',
  gone: '它已经不在了',
}

const en: typeof zh = {
  why: 'What is wrong with it',
  choose: 'Please choose a reason',
  inYourWords: 'In your words',
  send: 'Send',
  thanks: 'Thank you. The editors will look at it',
  already: 'You have reported it before',
  gone: 'It is not there any more',
}

export const reportWords = { ...words, ...translate(zh, en) }

/** "Something else" comes last. */
export const REASONS = reportReasons.map((name, type) => ({ name, type })).toSorted((a, b) => Number(a.type === 0) - Number(b.type === 0))
