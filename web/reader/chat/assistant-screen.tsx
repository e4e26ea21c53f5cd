// The assistant: questions, and answers with articles that open.

import { useRef } from 'react'
import { textAttributes } from '../../shared/language.ts'
import { ArticleLink } from '../article-link.tsx'
import { OwnScreen } from '../mine/own-screen.tsx'
import { type Turn, useAssistant } from './assistant.ts'
import { chatWords as words } from './chat-words.ts'
import { Composer } from './composer.tsx'
import { MessageText } from './message-item.tsx'
import { useScrollToEnd } from './use-scroll-to-end.ts'
import './chat.css'

const QUESTION_MAX = 500 // the server's limit

export function AssistantScreen({ viewer }: { viewer: string }) {
  const { turns, ask } = useAssistant(viewer)
  const list = useRef<HTMLOListElement>(null)
  const last = turns.at(-1)
  useScrollToEnd(list, turns[0]?.id, `${turns.length} ${last?.answer.length} ${last?.isDone}`)
  return (
    <OwnScreen viewer={viewer} title={words.assistant} isForDevices>
      {turns.length === 0 && (
        <>
          <p className="none">{words.askHint}</p>
          <ul className="suggested">
            {words.suggestions.map(question => (
              <li key={question}>
                <button type="button" className="button small" onClick={() => ask(question)}>
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <div role="log" aria-label={words.messages}>
        <ol className="messages" ref={list}>
          {turns.map(turn => (
            <TurnItem key={turn.id} turn={turn} />
          ))}
        </ol>
      </div>
      <Composer name="assistant" label={words.question} send={words.ask} lengthMax={QUESTION_MAX} onSend={ask} />
    </OwnScreen>
  )
}

const TurnItem = ({ turn: { question, answer, articles, isDone } }: { turn: Turn }) => (
  <li className="turn">
    <div className="message own">
      <div className="bubble">
        <MessageText text={question} />
      </div>
    </div>
    <div className="message" aria-busy={!isDone}>
      <div className="bubble">
        <MessageText text={answer === '' && !isDone ? words.thinking : answer} />
        {articles.length > 0 && (
          <ul>
            {articles.map(({ art_id, title }) => (
              <li key={art_id}>
                <ArticleLink id={art_id} preview={{ title }} className="linked" {...textAttributes(title)}>
                  {title}
                </ArticleLink>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  </li>
)
