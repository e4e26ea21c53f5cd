// Why a card stands where it stands, in plain words: what found it, and what spoke for and against it.

import { useId, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '../../shared/icons.tsx'
import type { Page, Why } from '../api/types.ts'
import { words } from '../words.ts'

interface Props {
  why: Why
  funnel: Page['funnel']
  /** The title of the card. */
  about: string
}

export function WhyButton({ about, ...reasons }: Props) {
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
        aria-label={`${words.why} ${about}`}
        title={words.why}
        onClick={() => setOpen(true)}
      >
        <Icon name="why" size={16} />
      </button>
      {open && <Reasons {...reasons} beside={button.current} onClose={() => setOpen(false)} />}
    </>
  )
}

interface ReasonsProps extends Omit<Props, 'about'> {
  beside: HTMLElement | null
  onClose: () => void
}

function Reasons({ why, funnel, beside, onClose }: ReasonsProps) {
  const panel = useRef<HTMLDivElement>(null)
  const title = useId()

  // The browser closes it on Escape and on a click elsewhere, and gives the focus back.
  useLayoutEffect(() => {
    const element = panel.current
    if (!element || !beside) return
    element.showPopover()
    place(element, beside.getBoundingClientRect())
    element.focus({ preventScroll: true })
  }, [beside])

  const factors = Object.entries(why.factors).filter(([, factor]) => Math.abs(factor - 1) > 0.005)
  const most = Math.max(...factors.map(([, factor]) => strength(factor)), 1)
  const candidates = Math.max(0, ...(funnel ?? []).filter(({ step }) => step.startsWith('hydrate.')).map(({ left }) => left))
  return (
    <div
      ref={panel}
      className="reasons"
      popover="auto"
      role="dialog"
      aria-labelledby={title}
      tabIndex={-1}
      onToggle={event => event.newState === 'closed' && onClose()}
    >
      <h3 id={title}>{words.why}</h3>
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
          <li key={name} data-lifts={factor > 1}>
            <span>{words.factors[name] ?? name}</span>
            <meter min={0} max={most} value={strength(factor)} aria-label={factor > 1 ? words.lifts : words.lowers} />
            <b>×{factor.toPrecision(2)}</b>
          </li>
        ))}
      </ul>
      {candidates > 0 && <p className="candidates">{words.candidates(candidates)}</p>}
    </div>
  )
}

/** Factors multiply, so a half weighs as much as a double. */
const strength = (factor: number) => Math.min(4, Math.abs(Math.log2(Math.max(factor, 1e-9))))

const GAP = 8

/** Below the button if there is room, else above; within the screen in any case. */
function place(panel: HTMLElement, { top, bottom, right }: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = panel
  const fits = bottom + GAP + height < innerHeight || top < height + GAP
  panel.style.left = `${Math.max(GAP, Math.min(right, document.documentElement.clientWidth - GAP) - width) + scrollX}px`
  panel.style.top = `${(fits ? bottom + GAP : top - GAP - height) + scrollY}px`
}
