// Words of the interface that every app uses.

import { translate } from './language.ts'

const zh = {
  loadFailed: '没有加载出来',
  loadFailedHint: '可能是网络不稳，或服务器正忙。',
  retry: '再试一次',
  offline: '当前离线，只能看已加载的内容',
  back: '返回',
  home: '回到首页',
  noSuchPage: '没有这一页',
  switchToDark: '切换到深色',
  switchToLight: '切换到浅色',
  signInAgain: '登录已过期，请重新登录',
  close: '关闭',
  loading: '正在加载…',
  signIn: '登录',
  signOut: '退出登录',
  signedOut: '已退出登录',
  mobile: '手机号',
  code: '验证码',
  sendCode: '获取验证码',
  sendAgainIn: (s: number) => `${s} 秒后重发`,
  wrongMobile: '请输入 11 位手机号',
  wrongCode: '验证码不正确',
  tooManyTries: '请求太频繁，请稍后再试',
  demoAccount: '演示账号',
}

const en: typeof zh = {
  loadFailed: 'This did not load',
  loadFailedHint: 'The network may be unsteady, or the server busy.',
  retry: 'Try again',
  offline: 'You are offline; what was loaded is still here',
  back: 'Back',
  home: 'To the front page',
  noSuchPage: 'There is no such page',
  switchToDark: 'Switch to dark',
  switchToLight: 'Switch to light',
  signInAgain: 'Your session has ended, please sign in again',
  close: 'Close',
  loading: 'Loading…',
  signIn: 'Sign in',
  signOut: 'Sign out',
  signedOut: 'Signed out',
  mobile: 'Mobile number',
  code: 'Code',
  sendCode: 'Send a code',
  sendAgainIn: s => `Again in ${s} s`,
  wrongMobile: 'A mobile number has 11 digits',
  wrongCode: 'That code is not right',
  tooManyTries: 'Too many tries, please wait a little',
  demoAccount: 'Demo account',
}

export const sharedWords = translate(zh, en)
