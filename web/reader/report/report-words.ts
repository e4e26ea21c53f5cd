import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  why: '举报原因',
  choose: '请选择一个原因',
  inYourWords: '请说明',
  send: '提交',
  thanks: '已收到，谢谢。编辑会查看',
  already: '你已经举报过了',
  gone: '它已经不在了',
  /** In the order of the contract's numbers, from 0. */
  reasons: ['其他问题', '标题夸张', '低俗色情', '错别字多', '旧闻重复', '广告软文', '内容不实', '涉嫌违法犯罪', '侵权'],
}

const en: typeof zh = {
  why: 'What is wrong with it',
  choose: 'Please choose a reason',
  inYourWords: 'In your words',
  send: 'Send',
  thanks: 'Thank you. The editors will look at it',
  already: 'You have reported it before',
  gone: 'It is not there any more',
  reasons: [
    'Something else',
    'The title exaggerates',
    'It is vulgar',
    'Many mistakes in writing',
    'It is old, or a repetition',
    'It is advertising',
    'It is not true',
    'It may be against the law',
    'It infringes a right',
  ],
}

export const reportWords = { ...words, ...translate(zh, en) }

/** "Something else" comes last. */
export const REASONS = reportWords.reasons
  .map((name, type) => ({ name, type }))
  .toSorted((a, b) => Number(a.type === 0) - Number(b.type === 0))
