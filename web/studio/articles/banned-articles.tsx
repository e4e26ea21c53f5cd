// Published articles that an editor has taken down: the list of the creator's articles does not have them.

import { isolate, textAttributes } from '../../shared/language.ts'
import { type Decision, STATUS } from '../api/types.ts'
import { Appeal } from './appeal.tsx'
import { appealWords } from './appeal-words.ts'

export function BannedArticles({ decisions, viewer }: { decisions: Decision[]; viewer: string }) {
  const banned = decisions.filter(({ status }) => status === STATUS.banned)
  if (banned.length === 0) return null
  return (
    <section className="banned" aria-label={appealWords.banned}>
      <h2>{appealWords.banned}</h2>
      <ul>
        {banned.map(decision => (
          <li key={decision.article_id}>
            <strong {...textAttributes(decision.title)}>{decision.title}</strong>
            {decision.reason && <p className="reason">{appealWords.decidedBecause(isolate(decision.reason))}</p>}
            <Appeal decision={decision} viewer={viewer} />
          </li>
        ))}
      </ul>
    </section>
  )
}
