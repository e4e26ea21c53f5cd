// The ways in which a reader tells the feed what they do not want. Each can be undone from the notice that follows it.

import { callApi } from '../../shared/api/client.ts'
import { asReader } from '../../shared/api/session.ts'
import { changeWithUndo } from '../../shared/optimistic.ts'
import { goTo } from '../../shared/router.tsx'
import { setTarget } from '../api/targets.ts'
import { words } from '../words.ts'
import { hide } from './hidden.ts'

const own = (method: string, path: string, body?: unknown) => callApi(path, { generation: 'v1', method, body })

/** Where each is listed, with a way back. */
const later = { label: words.turnedOff, run: () => goTo('/mine/turned-off') }

export const notInterested = (id: string) =>
  changeWithUndo({
    show: () => hide('articles', id),
    send: () => own('POST', 'not-interested', { article_id: id }),
    undo: () => own('DELETE', `not-interested/${id}`),
    done: words.notInterestedDone,
    later,
  })

const mute = (kind: 'author' | 'channel') => (id: string, name: string) =>
  changeWithUndo({
    show: () => hide(`${kind}s`, id),
    send: () => own('POST', 'mutes', { kind, target: id }),
    undo: () => own('DELETE', `mutes/${kind}/${id}`),
    done: words.mutedDone(name),
    later,
  })
export const muteAuthor = mute('author')
export const muteChannel = mute('channel')

/** `changed` is called when the server has taken it, and again after an undo. */
export const blockAuthor = (id: string, name: string, changed?: () => void) =>
  asReader(() =>
    changeWithUndo({
      show: () => hide('authors', id),
      send: () => setTarget('user/blacklists', id, true),
      undo: () => setTarget('user/blacklists', id, false),
      done: words.blockedDone(name),
      later,
      changed,
    }),
  )
