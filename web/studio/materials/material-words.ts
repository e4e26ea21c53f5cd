import { translate } from '../../shared/language.ts'
import { words } from '../words.ts'

const zh = {
  materialsHint: '上传的图片可用于文章和封面',
  noMaterials: '还没有图片',
  allMaterials: '全部',
  collected: '已收藏',
  collect: '收藏',
  uncollect: '取消收藏',
  picture: (n: number) => `图片 ${n}`,
  deletePicture: '删除这张图片？',
}

const en: typeof zh = {
  materialsHint: 'Uploaded pictures can be used in stories and covers',
  noMaterials: 'No pictures yet',
  allMaterials: 'All',
  collected: 'Favourites',
  collect: 'Add to favourites',
  uncollect: 'Remove from favourites',
  picture: n => `Picture ${n}`,
  deletePicture: 'Delete this picture?',
}

export const materialWords = { ...words, ...translate(zh, en) }
