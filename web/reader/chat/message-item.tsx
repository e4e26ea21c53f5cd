import { textAttributes } from '../../shared/language.ts'
import { Menu, type MenuItem } from '../../shared/menu.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { Link } from '../../shared/router.tsx'
import { formatAgeOf } from '../../shared/time.ts'
import { ArticleLink } from '../article-link.tsx'
import { report } from '../report/reported.ts'
import type { Message } from './chat-queries.ts'
import { chatWords as words } from './chat-words.ts'

interface Props {
  message: Message
  /** The other reader. */
  peer: { id: string; name: string }
  isOwn: boolean
  /** How far it has come: shown below the newest own message. */
  receipt?: string
  onDelete(): void
}

export function MessageItem({ message, peer, isOwn, receipt, onDelete }: Props) {
  const { text, at, article, is_removed, seq } = message
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => showNotice(words.copied),
      () => {},
    )
  const items = (): MenuItem[] => [
    { label: words.copy, icon: 'text', run: () => void copy() },
    { label: words.deleteForMe, icon: 'trash', run: onDelete },
    ...(isOwn || is_removed ? [] : [{ label: words.report, icon: 'flag' as const, run: () => report({ chat: peer.id, message: seq }) }]),
  ]
  const label = isOwn ? words.ownMessage : words.messageOf(peer.name)
  return (
    <li className={isOwn ? 'message own' : 'message'}>
      <div className="bubble">
        <span className="visually-hidden">{label}: </span>
        {is_removed ? <p className="removed">{words.removed}</p> : <MessageText text={text} />}
        {article && (
          <ArticleLink id={article.id} preview={{ title: article.title }} className="linked" {...textAttributes(article.title)}>
            {article.title}
          </ArticleLink>
        )}
      </div>
      <p className="facts">
        <time dateTime={at}>{formatAgeOf(Date.parse(at))}</time>
        {receipt && <span>{receipt}</span>}
        <Menu icon="more" label={`${words.moreActions} ${label}`} size={16} className="card-menu" items={items} />
      </p>
    </li>
  )
}

/** A path of ours in an address leads there without leaving the page. */
const ADDRESS = /(https?:\/\/[^\s<>"'，。；！？）】》]+)/

/** The text, in which addresses are links. */
export function MessageText({ text }: { text: string }) {
  return (
    <p {...textAttributes(text)}>
      {text.split(ADDRESS).map((part, i) => (i % 2 === 0 ? part : <AddressLink key={`${i} ${part}`} address={part} />))}
    </p>
  )
}

function AddressLink({ address }: { address: string }) {
  if (!URL.canParse(address)) return address
  const { origin, pathname, search, hash } = new URL(address)
  if (origin === location.origin) return <Link href={`${pathname}${search}${hash}`}>{address}</Link>
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {address}
    </a>
  )
}
