// Words of a reader's photo, sessions and data.

import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  photo: '头像',
  choosePicture: '选择图片',
  usePhoto: '使用这张',
  sending: '正在上传…',
  photoChanged: '头像已更换',
  photoUnreadable: '这张图片读不出来，请换一张 JPEG 或 PNG',
  zoom: '缩放',
  sessions: '登录的设备',
  thisSession: '当前设备',
  endSession: '退出',
  sessionEnded: '该设备已退出',
  signOutEverywhere: '退出所有设备',
  changeMobile: '更换手机号',
  oldCode: '原手机号的验证码',
  newMobile: '新手机号',
  newCode: '新手机号的验证码',
  mobileChanged: '手机号已更换，其他设备已退出',
  yourData: '你的数据',
  exportHint: '下载我们保存的关于你的一切，JSON 格式。',
  exportData: '下载我的数据',
  deleteAccount: '删除账户',
  deletionHint: '七天后，你的资料、历史、评论和文章都会删除。在此之前重新登录即可取消。',
  deletionDue: (day: string) => `账户将于 ${day} 删除，重新登录即可取消`,
}

const en: typeof zh = {
  photo: 'Your photo',
  choosePicture: 'Choose a picture',
  usePhoto: 'Use this photo',
  sending: 'Sending…',
  photoChanged: 'Your photo is changed',
  photoUnreadable: 'This picture cannot be read. Please choose a JPEG or a PNG',
  zoom: 'Zoom',
  sessions: 'Where you are signed in',
  thisSession: 'This device',
  endSession: 'Sign out',
  sessionEnded: 'That device is signed out',
  signOutEverywhere: 'Sign out everywhere',
  changeMobile: 'Change your mobile number',
  oldCode: 'Code from the old number',
  newMobile: 'New mobile number',
  newCode: 'Code from the new number',
  mobileChanged: 'Your number is changed, and other devices are signed out',
  yourData: 'Your data',
  exportHint: 'Everything that is stored about you, as JSON.',
  exportData: 'Download my data',
  deleteAccount: 'Delete your account',
  deletionHint: 'After seven days your profile, history, comments and stories are deleted. Signing in before that cancels it.',
  deletionDue: day => `Your account will be deleted on ${day}. Signing in before that cancels it`,
}

export const accountWords = { ...words, ...translate(zh, en) }
