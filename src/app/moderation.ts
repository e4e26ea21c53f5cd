// Sensitive words: what is checked against them, and how editors keep the list.

import type { FeatureModule } from '../features/feature-module.ts'
import { createModeration, type Moderation } from '../features/moderation/moderation.ts'
import { createWordList } from '../features/moderation/word-list.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface ModerationParts {
  moderation: Moderation
  module: FeatureModule
}

/** Also used by the command line. */
export function createModerationParts({ database: { db }, log }: Infrastructure): ModerationParts {
  const wordList = createWordList({ db, log })
  return {
    moderation: createModeration({ db, wordList }),
    module: { onChange: wordList.applyChanges, onGap: wordList.clear },
  }
}
