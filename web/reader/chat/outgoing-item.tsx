import { chatWords as words } from './chat-words.ts'
import { MessageText } from './message-item.tsx'
import type { Outgoing } from './outbox-store.ts'

/** A message that is not loaded from the server yet. */
export const OutgoingItem = ({ message, onSend, onDiscard }: { message: Outgoing; onSend(): void; onDiscard(): void }) => (
  <li className="message own">
    <div className="bubble outgoing">
      <MessageText text={message.text} />
    </div>
    {message.failure === undefined ? (
      <p className="facts">{message.isSent ? words.sent : words.sending}</p>
    ) : (
      <p className="facts" role="alert">
        <span className="error">{message.failure}</span>
        <button type="button" className="quiet" onClick={onSend}>
          {words.sendAgain}
        </button>
        <button type="button" className="quiet" onClick={onDiscard}>
          {words.discard}
        </button>
      </p>
    )}
  </li>
)
