// The box to type in, with suggestions: a combobox. Arrow keys choose, Enter searches, Escape closes the list. While an input
// method composes, nothing is asked: what stands in the box then are letters that are not meant yet.

import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { useLocation } from 'wouter'
import { namesOfChannel } from '../../../src/base/usual-channels.ts'
import { IconButton } from '../../shared/icon-button.tsx'
import { allChannelsQuery } from '../api/queries.ts'
import { QUERY_MAX, suggestionsQuery } from './search-queries.ts'
import { searchWords as words } from './search-words.ts'

/** Longer than between two keys of a reader who types fast. */
const PAUSE_MS = 120

export function SearchBox({ value, onSearch }: { value: string; onSearch(query: string): void }) {
  const [typed, setTyped] = useState(value)
  const [composing, setComposing] = useState(false)
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState(-1)
  const listId = useId()
  useEffect(() => setTyped(value), [value])
  const asked = useSettled(composing ? '' : typed.trim())
  const [, navigate] = useLocation()
  const { data: phrases = [] } = useQuery({ ...suggestionsQuery(asked), placeholderData: before => (asked ? before : undefined) })
  const channels = useNamedChannels(asked)
  const options: Option[] = [...channels, ...phrases.filter(text => !channels.some(named => named.text === text)).map(text => ({ text }))]
  const shown = open && asked !== '' && options.length > 0

  function search(query: string): void {
    setOpen(false)
    setChosen(-1)
    setTyped(query)
    if (query.trim()) onSearch(query.trim())
  }

  function choose({ text, path }: Option): void {
    if (path === undefined) return search(text)
    setOpen(false)
    navigate(path)
  }

  function onKeyDown(event: KeyboardEvent): void {
    // Enter and the arrows belong to the input method then.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape' && shown) {
      event.preventDefault()
      setOpen(false)
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && options.length > 0) {
      event.preventDefault()
      setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      // One place more than there are options: the text itself.
      setChosen(((chosen + 1 + step + options.length + 1) % (options.length + 1)) - 1)
    }
  }

  return (
    <form
      className="search-box"
      role="search"
      onSubmit={event => {
        event.preventDefault()
        choose((shown && options[chosen]) || { text: typed })
      }}
    >
      <input
        type="search"
        role="combobox"
        dir="auto"
        aria-label={words.search}
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown && chosen >= 0 ? `${listId}-${chosen}` : undefined}
        autoComplete="off"
        enterKeyHint="search"
        placeholder={words.searchHint}
        maxLength={QUERY_MAX}
        // biome-ignore lint/a11y/noAutofocus: a reader opens this screen to type
        autoFocus={value === ''}
        value={typed}
        onChange={event => {
          setTyped(event.target.value)
          setChosen(-1)
          setOpen(true)
        }}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={onKeyDown}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
      />
      <IconButton type="submit" icon="search" label={words.search} />
      <ul id={listId} role="listbox" aria-label={words.suggestions} hidden={!shown}>
        {options.map((option, i) => (
          <li
            key={option.path ?? option.text}
            id={`${listId}-${i}`}
            role="option"
            aria-selected={i === chosen}
            dir="auto"
            // Before the box loses the focus, which closes the list.
            onPointerDown={event => {
              event.preventDefault()
              choose(option)
            }}
          >
            {option.text} {option.path && <small>{words.channel}</small>}
          </li>
        ))}
      </ul>
    </form>
  )
}

interface Option {
  text: string
  /** Of a channel, which is opened and not searched for. */
  path?: string
}

const CHANNELS_MAX = 3

/** The channels whose name in either language begins with what was typed. */
function useNamedChannels(typed: string): Option[] {
  const { data = [] } = useQuery({ ...allChannelsQuery, enabled: typed !== '' })
  const beginning = typed.toLowerCase()
  if (beginning === '') return []
  const named = data.filter(({ name }) => namesOfChannel(name).some(each => each.toLowerCase().startsWith(beginning)))
  return named.slice(0, CHANNELS_MAX).map(({ id, name }) => ({ text: name, path: `/c/${id}` }))
}

/** The value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return value === '' ? '' : settled
}
