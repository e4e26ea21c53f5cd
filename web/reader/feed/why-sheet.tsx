// Why the recommender chose a card: in words, the strongest reasons first, and the numbers for those who want them.

import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import type { MenuItem } from '../../shared/menu.tsx'
import { Sheet } from '../../shared/sheet.tsx'
import type { Page, Why } from '../api/types.ts'
import { whyWords as words } from './why-words.ts'

interface Props {
  why: Why
  funnel: Page['funnel']
  title: string
  /** What the reader can do if they would rather not have seen it. */
  less: MenuItem[]
  /** The card itself, which stays visible. */
  beside: HTMLElement | null
  onClose(): void
}

/** A factor nearer to 1 changes no order. */
const NEUTRAL = 0.05
/** Factors that are never 1 are compared with those of an article a day old that no one has opened. */
const COMPARED_WITH: Record<string, number> = { appeal: Math.log1p(0.5), freshness: 0.52 }

export function WhySheet({ why, funnel, title, less, beside, onClose }: Props) {
  const factors = Object.entries(why.factors)
    .map(([name, factor]) => [name, factor / (COMPARED_WITH[name] ?? 1)] as const)
    .filter(([name, factor]) => sentenceOf(name, factor) && Math.abs(factor - 1) > NEUTRAL)
    .toSorted(([, a], [, b]) => strength(b) - strength(a))
  const strongest = Math.max(1, ...factors.map(([, factor]) => strength(factor)))
  const candidates = Math.max(0, ...(funnel ?? []).filter(({ step }) => step.startsWith('hydrate.')).map(({ left }) => left))
  return (
    <Sheet title={words.why} beside={beside} onClose={onClose}>
      <p className="about" {...textAttributes(title)}>
        {title}
      </p>
      <ul className="sources">{why.sources.map(source => words.sources[source] && <li key={source}>{words.sources[source]}</li>)}</ul>
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
                <th scope="row">{words.factors[name]?.name ?? name}</th>
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

/** Undefined for one that has none: it stands among the numbers only. */
const sentenceOf = (name: string, factor: number) => words.factors[name]?.[factor > 1 ? 'raises' : 'lowers']

/** Factors are multiplied, so 0.5 is as strong as 2. */
const strength = (factor: number) => Math.min(4, Math.abs(Math.log2(Math.max(factor, 1e-9))))
