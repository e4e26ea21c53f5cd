// Why the recommender chose a card: in words, the strongest reasons first, and the numbers for those who want them.

import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import type { MenuItem } from '../../shared/menu.tsx'
import { Sheet } from '../../shared/sheet.tsx'
import { parseLocalTime } from '../../shared/time.ts'
import type { Card, Page, Why } from '../api/types.ts'
import { whyWords as words } from './why-words.ts'

interface Props {
  card: Card
  why: Why
  /** The page that it came with. */
  page: Page
  /** What the reader can do if they would rather not have seen it. */
  less: MenuItem[]
  /** The card itself, which stays visible. */
  beside: HTMLElement | null
  onClose(): void
}

/** A factor nearer to 1 changes no order. */
const NEUTRAL = 0.05
/** Popularity is never 1: it is compared with that of an article that no one has opened. */
const UNOPENED = Math.log1p(0.5)
const HOUR = 3_600_000

export function WhySheet({ card: { title, pubdate }, why, page: { results, funnel }, less, beside, onClose }: Props) {
  // Freshness is at most 1 and falls: only beside the others of the page it says whether an article goes up for it.
  const freshnessThere = median(results.flatMap(card => card.why?.factors.freshness ?? []))
  const comparedWith: Record<string, number | undefined> = { appeal: UNOPENED, freshness: freshnessThere }
  const age = Date.now() - parseLocalTime(pubdate)
  const sentenceOf = (name: string, factor: number) =>
    name === 'freshness' && factor > 1 && age < HOUR ? words.justPublished : words.factors[name]?.[factor > 1 ? 'raises' : 'lowers']
  const { freshness } = why.factors
  const isNew = freshness === undefined ? age < HOUR : freshness / (freshnessThere || 1) > 1 + NEUTRAL
  const sources = why.sources.flatMap(source => (source === 'fresh' && !isNew ? words.listedByDate : (words.sources[source] ?? [])))
  const factors = Object.entries(why.factors)
    .map(([name, factor]) => [name, factor / (comparedWith[name] || 1)] as const)
    .filter(([name, factor]) => sentenceOf(name, factor) && Math.abs(factor - 1) > NEUTRAL)
    .toSorted(([, a], [, b]) => strength(b) - strength(a))
  const strongest = Math.max(1, ...factors.map(([, factor]) => strength(factor)))
  const candidates = Math.max(0, ...(funnel ?? []).filter(({ step }) => step.startsWith('hydrate.')).map(({ left }) => left))
  return (
    <Sheet title={words.why} beside={beside} onClose={onClose}>
      <p className="about" {...textAttributes(title)}>
        {title}
      </p>
      <ul className="sources">
        {sources.map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <h3>{words.whyRanked}</h3>
      {factors.length === 0 && <p>{words.whyNeutral}</p>}
      <ul className="factors">
        {factors.map(([name, factor]) => (
          <li key={name} data-raises={factor > 1}>
            <span>{sentenceOf(name, factor)}</span>
            <meter min={0} max={strongest} value={strength(factor)} aria-label={factor > 1 ? words.raises : words.lowers} />
          </li>
        ))}
      </ul>
      <h3>{words.lessOfThis}</h3>
      <ul className="less">
        {less.map(({ label, icon, run }) => (
          <li key={label}>
            <button
              type="button"
              onClick={() => {
                onClose()
                run()
              }}
            >
              {icon && <Icon name={icon} size={18} />}
              {label}
            </button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{words.details}</summary>
        <table>
          <tbody>
            {Object.entries(why.factors).map(([name, factor]) => (
              <tr key={name}>
                <th scope="row">
                  {words.factors[name]?.name ?? name}
                  {name === 'freshness' && ` (${words.decays})`}
                </th>
                <td>×{factor.toPrecision(2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {candidates > 0 && <p>{words.candidates(candidates)}</p>}
      </details>
    </Sheet>
  )
}

/** Factors are multiplied, so 0.5 is as strong as 2. */
const strength = (factor: number) => Math.min(4, Math.abs(Math.log2(Math.max(factor, 1e-9))))

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
