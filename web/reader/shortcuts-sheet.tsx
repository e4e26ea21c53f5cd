// What "?" shows: the keys of one letter.

import { Sheet } from '../shared/sheet.tsx'
import { popularWords as words } from './popular/popular-words.ts'

export const ShortcutsSheet = ({ onClose }: { onClose(): void }) => (
  <Sheet title={words.keys} onClose={onClose}>
    <ul className="keys">
      {words.shortcuts.map(([key, action]) => (
        <li key={key}>
          <kbd>{key}</kbd> {action}
        </li>
      ))}
    </ul>
  </Sheet>
)
