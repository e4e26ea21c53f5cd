import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  own: '我的频道',
  others: '更多频道',
  signInToChange: '登录后可以选择频道，并在每台设备上保持一致。',
  howToOrder: '拖动手柄排序；用键盘时，按空格拿起，方向键移动，再按空格放下。',
  add: (name: string) => `添加 ${name}`,
  remove: (name: string) => `移除 ${name}`,
  move: (name: string) => `移动 ${name}`,
  taken: (name: string) => `拿起了 ${name}`,
  movedTo: (name: string, place: number) => `${name} 移到第 ${place} 位`,
  put: (name: string, place: number) => `${name} 放在第 ${place} 位`,
  putBack: (name: string) => `${name} 放回原处`,
}

const en: typeof zh = {
  own: 'Your channels',
  others: 'More channels',
  signInToChange: 'Sign in to choose your channels. They are the same on every device.',
  howToOrder: 'Drag a handle to order. With the keyboard: Space takes a channel up, the arrow keys move it, Space puts it down.',
  add: name => `Add ${name}`,
  remove: name => `Remove ${name}`,
  move: name => `Move ${name}`,
  taken: name => `Took up ${name}`,
  movedTo: (name, place) => `${name} moved to place ${place}`,
  put: (name, place) => `${name} put at place ${place}`,
  putBack: name => `${name} put back`,
}

export const channelWords = { ...words, ...translate(zh, en) }
