import { translate } from './language.ts'

const zh = ['其他问题', '标题夸张', '低俗色情', '错别字多', '旧闻重复', '广告软文', '内容不实', '涉嫌违法犯罪', '侵权']
const en = [
  'Something else',
  'The title exaggerates',
  'It is vulgar',
  'Many mistakes in writing',
  'It is old, or a repetition',
  'It is advertising',
  'It is not true',
  'It may be against the law',
  'It infringes a right',
]

/** In the order of the contract's numbers, from 0. */
export const reportReasons = translate(zh, en)
