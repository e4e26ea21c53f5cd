// Icons on a grid of 24 × 24, in the colour of the surrounding text. Each button with an icon also has a label.

const PATHS = {
  refresh: 'M20 11a8 8 0 1 0-2.3 6.2M20 5v6h-6',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M4.2 4.2l1.4 1.4M18.4 18.4l1.4 1.4M2 12h2M20 12h2M4.2 19.8l1.4-1.4M18.4 5.6l1.4-1.4',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.8-3.6 3.7-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  back: 'M15 5l-7 7 7 7',
  bell: 'M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7ZM10 20.5h4',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM16.2 16.2 21 21',
  close: 'M6 6l12 12M18 6L6 18',
  why: 'M9.2 9.2a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2.2M12 17.2v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  heart: 'M12 20.3C7 16.7 3.5 13.4 3.5 9.3A4.6 4.6 0 0 1 12 6.9a4.6 4.6 0 0 1 8.5 2.4c0 4.1-3.5 7.4-8.5 11Z',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8Z',
  comment: 'M4 5h16v11.5H11L6.5 20v-3.5H4Z',
  share: 'M12 15V3.5M7.5 8 12 3.5 16.5 8M5 13v7h14v-7',
  send: 'M4 12 20 4l-5 16-3.5-6.5ZM11.5 13.5 20 4',
  text: 'M3 18 8 6l5 12M4.7 14h6.6M14.5 18l3-7.5 3 7.5M15.5 15.5h4',
  plus: 'M12 5v14M5 12h14',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  next: 'M9 5l7 7-7 7',
  hide: 'M4 4l16 16M9.9 5.8A9.5 9.5 0 0 1 12 5.5c4.5 0 7.5 3.5 9 6.5a15 15 0 0 1-2.6 3.5M6.5 7.5A14.5 14.5 0 0 0 3 12c1.5 3 4.5 6.5 9 6.5a9 9 0 0 0 4.3-1.1M10 10a2.9 2.9 0 0 0 4 4',
  block: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM5.7 5.7l12.6 12.6',
  flag: 'M6 21V4h11l-2 4 2 4H6',
  history: 'M4 12a8 8 0 1 0 2.6-5.9M4 4.5v4h4M12 8v4.5l3 1.8',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 13h9.4l.8-13M10.5 10.5v6M13.5 10.5v6',
  lock: 'M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  check: 'M4.5 12.5l5 5 10-11',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3.2 12h17.6M12 3c3.2 2.6 4.3 5.6 4.3 9s-1.1 6.4-4.3 9c-3.2-2.6-4.3-5.6-4.3-9s1.1-6.4 4.3-9Z',
  mute: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM16 9.5l5 5M21 9.5l-5 5',
}

export type IconName = keyof typeof PATHS
export const ICON_NAMES = Object.keys(PATHS) as IconName[]

/** Dots, which are drawn as short strokes. */
const DOTTED = new Set<IconName>(['more', 'grip'])

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  const style = DOTTED.has(name) ? { strokeWidth: 2.8 } : undefined
  return (
    <svg className="icon" style={style} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
