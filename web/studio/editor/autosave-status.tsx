import { LANGUAGE } from '../../shared/language.ts'
import type { Autosave } from './autosave.ts'
import { editorWords as words } from './editor-words.ts'

const time = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: 'medium' })

export function AutosaveStatus({ state, savedAt }: Pick<Autosave, 'state' | 'savedAt'>) {
  const texts = {
    idle: '',
    changed: words.unsaved,
    saving: words.autosaving,
    saved: words.autosaved(time.format(savedAt)),
    failed: words.autosaveFailed,
  }
  return (
    <p className="autosave" role="status">
      {texts[state]}
    </p>
  )
}
