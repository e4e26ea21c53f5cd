import { callApi } from '../../shared/api/client.ts'

/** What a reader puts articles, comments and readers on. */
type List = 'article/collections' | 'article/dislikes' | 'article/likings' | 'comment/likings' | 'user/blacklists' | 'user/followings'

/** Puts something on a list of the reader, or takes it off. */
export const setTarget = (list: List, id: string, isOn: boolean) =>
  isOn ? callApi(list, { method: 'POST', body: { target: id } }) : callApi(`${list}/${id}`, { method: 'DELETE' })
