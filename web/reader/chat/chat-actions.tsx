// Who a chat is with, and what can be done about them.

import { useQueryClient } from '@tanstack/react-query'
import { Menu, type MenuItem } from '../../shared/menu.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { goBack } from '../../shared/router.tsx'
import { setTarget } from '../api/targets.ts'
import { AuthorLink } from '../author/author-link.tsx'
import { showAgain } from '../feed/hidden.ts'
import { blockAuthor } from '../feed/turn-off.ts'
import { chatsKey } from '../inbox/inbox-queries.ts'
import { chatQuery, deleteChat, type OpenChat } from './chat-queries.ts'
import { chatWords as words } from './chat-words.ts'

export function ChatActions({ viewer, chat: { reader, is_blocked } }: { viewer: string; chat: OpenChat }) {
  const client = useQueryClient()
  const refresh = () => void client.invalidateQueries({ queryKey: chatsKey(viewer) })
  const unblock = async () => {
    showAgain('authors', reader.id)
    await setTarget('user/blacklists', reader.id, false).catch(() => showNotice(words.notSaved))
    refresh()
  }
  const removeChat = async () => {
    try {
      await deleteChat(reader.id)
      client.removeQueries({ queryKey: chatQuery(client, viewer, reader.id).queryKey })
      showNotice(words.chatDeleted)
      goBack()
    } catch {
      showNotice(words.notSaved)
    }
  }
  const items = (): MenuItem[] => [
    is_blocked
      ? { label: words.unblock, icon: 'block', run: () => void unblock() }
      : { label: words.blockAuthor(reader.name), icon: 'block', run: () => blockAuthor(reader.id, reader.name, refresh) },
    { label: words.deleteChat, icon: 'trash', run: () => void removeChat() },
  ]
  return (
    <div className="chat-head">
      <img src={reader.photo} alt="" width="40" height="40" />
      <AuthorLink id={reader.id} name={reader.name || words.gone} className="name" />
      <Menu icon="more" label={`${words.moreActions} ${reader.name}`} items={items} />
    </div>
  )
}
