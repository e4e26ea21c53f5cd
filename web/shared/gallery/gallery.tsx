// The shared components on one page, for those who build screens: what each is for, and one to try. In English, like the code.

import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { EndlessList } from '../endless-list.tsx'
import { Failure, LoadFailure } from '../failure.tsx'
import { FormField } from '../form-field.tsx'
import { Headline } from '../headline.tsx'
import { IconButton } from '../icon-button.tsx'
import { ICON_NAMES, Icon } from '../icons.tsx'
import { textAttributes } from '../language.ts'
import { Menu } from '../menu.tsx'
import { showNotice } from '../notice.tsx'
import { Sheet } from '../sheet.tsx'
import { toggleTheme } from '../theme.ts'
import './gallery.css'

const COLOURS = ['paper', 'raised', 'wash', 'ink', 'ink-2', 'rule', 'rule-strong', 'accent', 'on-accent']
const TITLES = ['雨夜里的酸汤鱼，热到眼镜起雾', 'The last lamplighters of Calder Point', 'مدينة لا تنام', '東京の雨', ' ']

export function Gallery() {
  return (
    <main className="gallery">
      <h1>Components</h1>
      <p>
        What web/shared has for every app. Words come from words.ts in two languages, data from api/client.ts with the types of the server's
        schemas, pages from router.tsx.
      </p>
      <Part name="Colours" file="styles/colours.css" about="The only colours there are; each has a light and a dark value.">
        <ul className="swatches">
          {COLOURS.map(name => (
            <li key={name}>
              <i style={{ background: `var(--${name})` }} />
              {name}
            </li>
          ))}
        </ul>
        <button type="button" className="button" onClick={toggleTheme}>
          Switch the theme
        </button>
      </Part>
      <Part
        name="Typefaces"
        file="styles/colours.css, headline.tsx"
        about="A serif to read, and lines that break between words of Chinese."
      >
        {TITLES.map(title => (
          <h3 key={title} {...textAttributes(title)}>
            <Headline text={title} />
          </h3>
        ))}
      </Part>
      <Part
        name="Button"
        file="styles/button.css, icon-button.tsx"
        about="A button with a word, or with an icon and a label for those who do not see it."
      >
        <button type="button" className="button">
          Plain
        </button>
        <button type="button" className="button primary">
          Primary
        </button>
        <button type="button" className="button small" disabled>
          Disabled
        </button>
        <IconButton icon="refresh" label="Refresh" />
      </Part>
      <Part name="Icon" file="icons.tsx" about="In the colour of the text around it.">
        <ul className="swatches">
          {ICON_NAMES.map(name => (
            <li key={name}>
              <Icon name={name} />
              {name}
            </li>
          ))}
        </ul>
      </Part>
      <SheetPart />
      <Part name="Menu" file="menu.tsx" about="Opens beside its button; arrow keys, Home, End and Escape work.">
        <Menu
          icon="more"
          label="Sort by"
          items={() => ['Newest', 'Oldest'].map(label => ({ label, isChosen: label === 'Newest', run: () => showNotice(label) }))}
        />
      </Part>
      <Part name="Notice" file="notice.tsx" about="A sentence that goes by itself and is read aloud. With an action it stays longer.">
        <button type="button" className="button" onClick={() => showNotice('Saved')}>
          Say something
        </button>
        <button type="button" className="button" onClick={() => showNotice('Removed', { label: 'Undo', run: () => showNotice('Back') })}>
          Offer an undo
        </button>
      </Part>
      <FieldPart />
      <Part name="Failure" file="failure.tsx" about="Says what could not be loaded, and what the reader can do.">
        <Failure title="There is nothing here" hint="It may have been removed." />
        <LoadFailure retry={() => showNotice('Tried again')} />
      </Part>
      <ListPart />
    </main>
  )
}

function Part({ name, file, about, children }: { name: string; file: string; about: string; children: ReactNode }) {
  return (
    <section aria-labelledby={`part-${name}`}>
      <h2 id={`part-${name}`}>{name}</h2>
      <p>
        {about} <code>{file}</code>
      </p>
      <div className="example">{children}</div>
    </section>
  )
}

function SheetPart() {
  const [open, setOpen] = useState(false)
  return (
    <Part name="Sheet" file="sheet.tsx" about="A dialog: at the lower edge of a phone, in the middle of a larger screen.">
      <button type="button" className="button" onClick={() => setOpen(true)}>
        Open a sheet
      </button>
      {open && (
        <Sheet title="A sheet" onClose={() => setOpen(false)}>
          <p>Escape, the cross and a click beside it close it.</p>
        </Sheet>
      )}
    </Part>
  )
}

const NAME_MAX = 7 // as in the product, so that the example is a real one

function FieldPart() {
  const [name, setName] = useState('a name that is too long')
  const error = name.length > NAME_MAX ? `At most ${NAME_MAX} characters` : undefined
  return (
    <Part name="Form field" file="form-field.tsx" about="A label, a control, and what is wrong with its value.">
      <FormField label="Name" error={error}>
        {attributes => <input {...attributes} value={name} onChange={event => setName(event.target.value)} />}
      </FormField>
    </Part>
  )
}

const PAGE = 50
const PAGES = 20

function ListPart() {
  const query = useInfiniteQuery({
    queryKey: ['gallery'],
    queryFn: ({ pageParam }) => ({ results: Array.from({ length: PAGE }, (_, i) => `Row ${pageParam * PAGE + i + 1}`) }),
    initialPageParam: 0,
    getNextPageParam: (_: unknown, pages: unknown[]) => (pages.length < PAGES ? pages.length : undefined),
  })
  return (
    <Part name="List" file="endless-list.tsx" about="Loads ahead, and lays out only the rows that are near the screen: here a thousand.">
      <div className="rows">
        <EndlessList query={query} keyOf={row => row} label="Rows" empty={<p>None</p>}>
          {row => <p>{row}</p>}
        </EndlessList>
      </div>
    </Part>
  )
}
