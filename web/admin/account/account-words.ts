import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  changePassword: '修改密码',
  oldPassword: '当前密码',
  newPassword: '新密码',
  passwordHint: '至少 8 个字符',
  passwordChanged: '密码已修改，其他地方需要重新登录',
  twoSteps: '两步验证',
  isOn: (n: number) => `已开启，还剩 ${n} 个恢复码`,
  isOff: '没有开启：只有密码保护您的账号',
  setUp: '开启两步验证',
  remove: '关闭两步验证',
  secretHint: '把这个密钥添加到验证器应用，然后输入它显示的六位数字',
  secret: '密钥',
  openInApp: '在本机的验证器中打开',
  codeLabel: '验证码',
  confirm: '确认',
  recovery: '恢复码',
  recoveryHint: '请抄下来。手机丢失时，每个可以代替验证码一次。以后不会再显示。',
  done: '我已经抄下',
  removed: '已关闭两步验证',
}

const en: typeof zh = {
  changePassword: 'Change the password',
  oldPassword: 'Current password',
  newPassword: 'New password',
  passwordHint: 'At least 8 characters',
  passwordChanged: 'The password is changed; everywhere else you have to sign in again',
  twoSteps: 'Second factor',
  isOn: n => `It is on; ${n} recovery codes are left`,
  isOff: 'It is off: only the password protects your account',
  setUp: 'Set up a second factor',
  remove: 'Remove the second factor',
  secretHint: 'Add this secret to an authenticator app, then enter the six digits it shows',
  secret: 'Secret',
  openInApp: 'Open in the app on this device',
  codeLabel: 'Code',
  confirm: 'Confirm',
  recovery: 'Recovery codes',
  recoveryHint: 'Write them down. If your phone is lost, each replaces a code once. They are not shown again.',
  done: 'I have written them down',
  removed: 'The second factor is removed',
}

export const accountWords = { ...words, ...translate(zh, en) }
