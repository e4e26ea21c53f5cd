// The ways in which a reader tells the feed what they do not want. Each can be undone from the notice that follows it.

import { callApi } from '../../shared/api/client.ts'
import { asReader } from '../../shared/api/session.ts'
import { showNotice } from '../../shared/notice.tsx'
import { changeOptimistically } from '../../shared/optimistic.ts'
import { words } from '../words.ts'
import { hide } from './hidden.ts'

interface TurnOff {
  /** Hides what is loaded. Returns what shows it again. */
  show: () => () => void
  send: () => Promise<unknown>
  /** Takes it back on the server. */
  undo: () => Promise<unknown>
  done: string
}

/** `changed` is called when the server has taken it, and again after an undo. */
async function turnOff({ show, send, undo, done }: TurnOff, changed: () => void = () => {}): Promise<void> {
  let showAgain = () => {}
  const holds = await changeOptimistically({ show: () => (showAgain = show()), send })
  if (!holds) return
  changed()
  const takeBack = () => void changeOptimistically({ show: () => (showAgain(), show), send: undo }).then(changed)
  showNotice(done, { label: words.undo, run: takeBack })
}

const own = (method: string, path: string, body?: unknown) => callApi(path, { generation: 'v1', method, body })

export const notInterested = (id: string) =>
  turnOff({
    show: () => hide('articles', id),
    send: () => own('POST', 'not-interested', { article_id: id }),
    undo: () => own('DELETE', `not-interested/${id}`),
    done: words.notInterestedDone,
  })

export const muteAuthor = (id: string, name: string) =>
  turnOff({
    show: () => hide('authors', id),
    send: () => own('POST', 'mutes', { kind: 'author', target: id }),
    undo: () => own('DELETE', `mutes/author/${id}`),
    done: words.mutedDone(name),
  })

export const blockAuthor = (id: string, name: string, changed?: () => void) =>
  asReader(() =>
    turnOff(
      {
        show: () => hide('authors', id),
        send: () => callApi('user/blacklists', { method: 'POST', body: { target: id } }),
        undo: () => callApi(`user/blacklists/${id}`, { method: 'DELETE' }),
        done: words.blockedDone(name),
      },
      changed,
    ),
  )
