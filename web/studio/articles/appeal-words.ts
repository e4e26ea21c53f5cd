import { translate } from '../../shared/language.ts'

const zh = {
  banned: '已被编辑下架',
  decidedBecause: (reason: string) => `下架原因：${reason}`,
  appeal: '申诉',
  appealReason: '为什么应该改变这个决定？',
  appealHint: '每个决定只能申诉一次。修改并重新提交会取消申诉。',
  send: '提交申诉',
  sent: '申诉已提交',
  waiting: '申诉处理中',
  granted: '申诉成立',
  turnedDown: '申诉未成立',
  answered: (answer: string) => `申诉未成立：${answer}`,
}

const en: typeof zh = {
  banned: 'Taken down by an editor',
  decidedBecause: reason => `Taken down: ${reason}`,
  appeal: 'Appeal',
  appealReason: 'Why should the decision change?',
  appealHint: 'A decision can be appealed once. To edit and submit the story again ends the appeal.',
  send: 'Send the appeal',
  sent: 'The appeal was sent',
  waiting: 'The appeal is waiting',
  granted: 'The appeal was granted',
  turnedDown: 'The appeal was turned down',
  answered: answer => `The appeal was turned down: ${answer}`,
}

export const appealWords = translate(zh, en)
