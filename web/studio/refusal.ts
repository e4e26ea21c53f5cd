// Why the server refuses, in the creator's language: by the rule and the field that it names.

import { ApiError } from '../shared/api/client.ts'
import { isolate, translate } from '../shared/language.ts'
import { sharedWords } from '../shared/words.ts'

const zh = {
  title: '标题要有 5 到 30 个字',
  channel: '这个频道已经不在了，请另选一个',
  emptyText: '正文还是空的',
  textTooLong: '正文太长，最多 1 MB',
  textTooDeep: '正文的格式太复杂，没有保存',
  coverElsewhere: '封面图要先传到这里',
  cover: '封面图的数量不对',
  scheduleTooFar: '定时发布最多提前一年',
  schedule: '定时发布的时间不对',
  blockedWords: (found: string) => `含有不能使用的词：${found}`,
  articleMoved: '文章的状态变了，这一步现在做不了，请刷新',
  notPublished: '发布之后才能开关评论',
  commentsOff: '这篇文章已关闭评论',
  commentGone: '这条评论已经不在了',
  noRight: '没有权限这样做',
  emptyComment: '还没有写内容',
  heic: '这里读不了 HEIC 图片，请选 JPEG 或 PNG',
  pictureTooLarge: '图片太大',
  notPicture: '这个文件不是能用的图片',
  appealed: '每次审核结果只能申诉一次',
  gone: '它已经不在了',
  changed: '别处刚刚改过，请刷新',
  busy: '服务器正忙，请稍后再试',
}

const en: typeof zh = {
  title: 'A title has 5 to 30 characters',
  channel: 'This channel is gone, please choose another one',
  emptyText: 'The text is empty',
  textTooLong: 'The text is too long: 1 MB at most',
  textTooDeep: 'The text was not saved: its format is too complicated',
  coverElsewhere: 'Upload the cover picture here first',
  cover: 'The cover has too few or too many pictures',
  scheduleTooFar: 'Publish at most a year ahead',
  schedule: 'The time of publication is not right',
  blockedWords: found => `It contains words that are not allowed here: ${found}`,
  articleMoved: 'The story has another status by now. Please load the page again',
  notPublished: 'Comments can be switched once the story is published',
  commentsOff: 'Comments on this story are off',
  commentGone: 'The comment is gone',
  noRight: 'You may not do that',
  emptyComment: 'There is no text yet',
  heic: 'HEIC pictures cannot be read here. Please choose a JPEG or a PNG',
  pictureTooLarge: 'The picture is too large',
  notPicture: 'This file is no picture that can be used',
  appealed: 'Each decision can be appealed once',
  gone: 'It is gone',
  changed: 'It was changed elsewhere just now. Please load the page again',
  busy: 'The server is busy. Please try again in a moment',
}

const words = translate(zh, en)

/** By rule; some rules exist for one field only. */
const BY_REASON: Record<string, string> = {
  'content empty': words.emptyText,
  'content too-complex': words.textTooDeep,
  'content blank': words.emptyComment,
  'target gone': words.commentGone,
  'cover not-uploaded': words.coverElsewhere,
  'publish_at too-far': words.scheduleTooFar,
  'image heic': words.heic,
  'image too-large': words.pictureTooLarge,
  status: words.articleMoved,
  'not-published': words.notPublished,
  closed: words.commentsOff,
  appealed: words.appealed,
}

const BY_FIELD: Record<string, string> = {
  title: words.title,
  channel_id: words.channel,
  content: words.textTooLong,
  cover: words.cover,
  publish_at: words.schedule,
  image: words.notPicture,
}

const BY_STATUS: Record<number, string> = {
  403: words.noRight,
  404: words.gone,
  409: words.changed,
  413: words.textTooLong,
  429: sharedWords.tooManyTries,
  503: words.busy,
  507: words.busy,
}

/** What went wrong, as a sentence for the creator. */
export function refusalOf(err: unknown): string {
  if (!(err instanceof ApiError)) return navigator.onLine ? sharedWords.notSaved : sharedWords.notSavedOffline
  const { status, refusal } = err
  const { reason = '', field = '' } = refusal
  if (reason === 'words') return words.blockedWords(isolate((refusal.words ?? []).join('、')))
  if (status === 413 && field === 'image') return words.pictureTooLarge
  return BY_REASON[`${field} ${reason}`.trim()] ?? BY_REASON[reason] ?? BY_FIELD[field] ?? BY_STATUS[status] ?? sharedWords.notSaved
}
