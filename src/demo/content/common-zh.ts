// Words, closings and captions that every Chinese channel shares. Places and people are invented: nothing here happened anywhere.

import type { Words } from './topic.ts'

export const wordsZh: Words = {
  city: [
    '云汀',
    '临溪',
    '青屿',
    '南浦',
    '白鹿洲',
    '望江',
    '石川',
    '松桥',
    '海棠湾',
    '雁门口',
    '西澜',
    '沙渚',
    '春岭',
    '柏城',
    '鹤沙',
    '澄海里',
  ],
  person: [
    '简望舒',
    '祁知微',
    '岑既明',
    '阮听澜',
    '温予安',
    '闻砚秋',
    '柯星野',
    '舒南乔',
    '穆长汀',
    '裴晚照',
    '楚行舟',
    '骆青禾',
    '蔺思远',
    '虞小满',
  ],
  season: ['今年春天', '入夏以来', '这个秋天', '入冬之后', '上个季度', '过去半年', '最近三个月'],
  crowd: ['附近居民', '年轻人', '上班族', '退休教师', '带孩子的家长', '外地游客', '老街坊', '大学生'],
}

export const closingsZh = [
  '下一步怎么走，{city}的人们还在讨论。可以确定的是，没有人想回到从前。',
  '离开的时候天色已晚，灯还亮着。{person}说，明天照旧。',
  '答案也许要过几年才看得清，但第一步已经迈了出去。',
  '我们会继续关注后续进展，也欢迎在评论区说说你的看法。',
]

export const captionsZh = ['示意图', '现场一角，手绘', '本报绘图', '根据采访内容绘制', '资料插图']
