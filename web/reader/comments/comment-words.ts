// Words of the comments.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  comments: '评论',
  none: '还没有评论，来写第一条',
  write: '写评论',
  yourComment: '评论内容',
  placeholder: '说点什么…',
  send: '发布',
  sent: '已发布',
  inReview: '已提交，编辑看过后别人才能看到',
  notAllowed: (w: string) => `含有不能发布的词：${w}`,
  empty: '写点什么再发布',
  closed: '这篇文章不开放评论',
  notSent: '没有发出去，内容已为你保留',
  left: (n: number) => `还能写 ${n} 字`,
  reply: '回复',
  replyTo: (name: string) => `回复 ${name}`,
  replies: (n: string) => `${n} 条回复`,
  repliesTo: (name: string) => `对 ${name} 的回复`,
  moreReplies: '更多回复',
  hideReplies: '收起回复',
  author: '作者',
  commentBy: (name: string) => `${name} 的评论`,
  moreAbout: (name: string) => `更多操作：${name} 的评论`,
  delete: '删除',
  deleted: '评论已删除',
  notDeleted: '没有删掉，请再试一次',
  gone: '这条评论已经不在了',
}

const en: typeof zh = {
  comments: 'Comments',
  none: 'No comments yet. Write the first one',
  write: 'Write a comment',
  yourComment: 'Your comment',
  placeholder: 'What do you think?',
  send: 'Publish',
  sent: 'Published',
  inReview: 'Sent. Others see it when an editor has approved it',
  notAllowed: w => `It has words that are not allowed here: ${w}`,
  empty: 'Write something first',
  closed: 'This story takes no comments',
  notSent: 'It was not sent. What you wrote is kept',
  left: n => `${n} characters left`,
  reply: 'Reply',
  replyTo: name => `Reply to ${name}`,
  replies: n => (n === '1' ? '1 reply' : `${n} replies`),
  repliesTo: name => `Replies to ${name}`,
  moreReplies: 'More replies',
  hideReplies: 'Hide replies',
  author: 'Author',
  commentBy: name => `Comment by ${name}`,
  moreAbout: name => `More about the comment by ${name}`,
  delete: 'Delete',
  deleted: 'The comment is deleted',
  notDeleted: 'It was not deleted. Please try again',
  gone: 'This comment is not there any more',
}

export const commentWords = { ...words, ...translate(zh, en) }
