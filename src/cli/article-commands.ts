// `import articles` and `export articles`.

import { resolve } from 'node:path'
import type { Infrastructure } from '../app/infrastructure.ts'
import { sanitizeHtml } from '../base/sanitize-html.ts'
import { type Command, type Invocation, withInfrastructure } from './command.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'

export const ARTICLE_COMMANDS: Command[] = [
  {
    words: ['import', 'articles'],
    operands: ['FILE'],
    flags: ['[--dry-run]'],
    about: 'import articles from JSON Lines or CSV, gzipped or not',
    run: call =>
      withInfrastructure(call, infrastructure => importCommand({ ...fileNeeds(call, infrastructure), dryRun: call.options['dry-run'] })),
  },
  {
    words: ['export', 'articles'],
    operands: ['FILE'],
    about: 'write every article as a line that `import articles` reads',
    run: call => withInfrastructure(call, infrastructure => exportCommand(fileNeeds(call, infrastructure))),
  },
]

function fileNeeds({ folder, operands, signal }: Invocation, { config, database, newId, log }: Infrastructure) {
  const file = resolve(folder, operands[0] as string)
  return { db: database.db, newId, log, clock: Date.now, timeZone: config.timezone, sanitizeHtml, file, signal }
}
