// Why the recommender chose a card: the sources that found it, and the factors that raised or lowered its score.

import { useId, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '../../shared/icons.tsx'
import type { Page, Why } from '../api/types.ts'
import { words } from '../words.ts'

interface Props {
  why: Why
  funnel: Page['funnel']
  /** Of the card, for screen readers. */
  title: string
}

export function WhyButton({ title, ...reasons }: Props) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        className="why"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`${words.why} ${title}`}
        title={words.why}
        onClick={() => setOpen(true)}
      >
        <Icon name="why" size={16} />
      </button>
      {open && <Reasons {...reasons} button={button.current} onClose={() => setOpen(false)} />}
    </>
  )
}

interface ReasonsProps extends Omit<Props, 'title'> {
  button: HTMLElement | null
  onClose: () => void
}

function Reasons({ why, funnel, button, onClose }: ReasonsProps) {
  const panel = useRef<HTMLDivElement>(null)
  const headingId = useId()

  // A popover: the browser closes it on Escape or on a click elsewhere, and gives the focus back to the button.
  useLayoutEffect(() => {
    const element = panel.current
    if (!element || !button) return
    element.showPopover()
    positionPanel(element, button.getBoundingClientRect())
    element.focus({ preventScroll: true })
  }, [button])

  const factors = Object.entries(why.factors).filter(([, factor]) => Math.abs(factor - 1) > 0.005)
  const maxStrength = Math.max(...factors.map(([, factor]) => strength(factor)), 1)
  const candidates = Math.max(0, ...(funnel ?? []).filter(({ step }) => step.startsWith('hydrate.')).map(({ left }) => left))
  return (
    <div
      ref={panel}
      className="reasons"
      popover="auto"
      role="dialog"
      aria-labelledby={headingId}
      tabIndex={-1}
      onToggle={event => event.newState === 'closed' && onClose()}
    >
      <h3 id={headingId}>{words.why}</h3>
      <h4>{words.whyFound}</h4>
      <ul>
        {why.sources.map(source => (
          <li key={source}>{words.sources[source] ?? source}</li>
        ))}
      </ul>
      <h4>{words.whyRanked}</h4>
      {factors.length === 0 && <p>{words.whyNeutral}</p>}
      <ul className="factors">
        {factors.map(([name, factor]) => (
          <li key={name} data-raises={factor > 1}>
            <span>{words.factors[name] ?? name}</span>
            <meter min={0} max={maxStrength} value={strength(factor)} aria-label={factor > 1 ? words.raises : words.lowers} />
            <b>×{factor.toPrecision(2)}</b>
          </li>
        ))}
      </ul>
      {candidates > 0 && <p className="candidates">{words.candidates(candidates)}</p>}
    </div>
  )
}

/** Factors are multiplied, so 0.5 is as strong as 2. */
const strength = (factor: number) => Math.min(4, Math.abs(Math.log2(Math.max(factor, 1e-9))))

const GAP_PX = 8

/** Below the button if there is room, otherwise above it; always within the screen. */
function positionPanel(panel: HTMLElement, { top, bottom, right }: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = panel
  const goesBelow = bottom + GAP_PX + height < innerHeight || top < height + GAP_PX
  panel.style.left = `${Math.max(GAP_PX, Math.min(right, document.documentElement.clientWidth - GAP_PX) - width) + scrollX}px`
  panel.style.top = `${(goesBelow ? bottom + GAP_PX : top - GAP_PX - height) + scrollY}px`
}
