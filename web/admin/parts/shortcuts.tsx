// Single keys as shortcuts. They can be switched off, for those who speak to their computer (WCAG 2.1.4).

import { Switch } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { type Shortcuts, useShortcuts } from '../../shared/shortcuts.ts'
import { permanentStorage } from '../../shared/storage.ts'
import { createStore } from '../../shared/store.ts'
import { words } from '../words.ts'

const NONE: Shortcuts = {}
const isOn = createStore(permanentStorage.get<boolean>('shortcuts') ?? true)
const useShortcutsOn = () => useSyncExternalStore(isOn.subscribe, isOn.get)

/** None while they are switched off. */
export function useQueueShortcuts(shortcuts: Shortcuts): void {
  useShortcuts(useShortcutsOn() ? shortcuts : NONE)
}

/** `keys`: those beside j and k. */
export function ShortcutsSwitch({ keys }: { keys: [key: string, name: string][] }) {
  const on = useShortcutsOn()
  return (
    <div className="shortcuts">
      <Switch
        size="sm"
        label={words.shortcuts}
        checked={on}
        onChange={event => {
          isOn.set(event.currentTarget.checked)
          permanentStorage.set('shortcuts', event.currentTarget.checked)
        }}
      />
      {on && (
        <ul>
          {[['j', words.next] as const, ['k', words.previous] as const, ...keys].map(([key, name]) => (
            <li key={key}>
              <kbd>{key}</kbd> {name}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
