// `import articles|behaviours`, `export articles`, `articles waiting|review`.

import { resolve } from 'node:path'
import { openFingerprintOf } from '../app/fingerprints.ts'
import type { Infrastructure } from '../app/infrastructure.ts'
import { type ArticleId, parseId } from '../base/id.ts'
import { sanitizeHtml } from '../base/sanitize-html.ts'
import { createOperationLog } from '../features/admins/operation-log.ts'
import { createBehaviourImport } from '../features/behaviours/import/import-behaviours.ts'
import { createIngest } from '../features/ingest/ingest.ts'
import { createReview } from '../features/writing/review.ts'
import { isReviewAction, REVIEW_TRANSITIONS } from '../features/writing/transitions.ts'
import { insertArticles } from '../features/writing/writing.sql.ts'
import { COMMAND_LINE } from '../http/access.ts'
import { type Command, type Invocation, UsageError, withInfrastructure } from './command.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { table } from './table.ts'

const reviewIn = ({ database: { db } }: Infrastructure) => createReview({ db, operationLog: createOperationLog({ db }) })

export const ARTICLE_COMMANDS: Command[] = [
  {
    words: ['import', 'articles'],
    operands: ['FILE'],
    flags: ['[--dry-run]'],
    about: 'import articles from JSON Lines or CSV, gzipped or not',
    run: call =>
      withInfrastructure(call, async infrastructure => {
        const needs = await fileNeeds(call, infrastructure)
        return importCommand({ ...needs, importLines: createIngest(needs).importArticles, dryRun: call.options['dry-run'] })
      }),
  },
  {
    words: ['import', 'behaviours'],
    operands: ['FILE'],
    flags: ['[--dry-run]'],
    about: 'import what viewers did elsewhere, from JSON Lines or CSV, gzipped or not; a repeated import adds nothing',
    run: call =>
      withInfrastructure(call, async infrastructure => {
        const { secrets, config, log } = infrastructure
        const { db, clock, file, signal } = await fileNeeds(call, infrastructure)
        const importLines = createBehaviourImport({ db, clock, timeZone: config.timezone, secret: secrets.traces })
        return importCommand({ file, column: 'action', importLines, dryRun: call.options['dry-run'], signal, log })
      }),
  },
  {
    words: ['export', 'articles'],
    operands: ['FILE'],
    about: 'write every article as a line that `import articles` reads',
    run: call => withInfrastructure(call, async infrastructure => exportCommand(await fileNeeds(call, infrastructure))),
  },
  {
    words: ['articles', 'waiting'],
    operands: [],
    about: 'the articles that wait for a review, the oldest first',
    run: call =>
      withInfrastructure(call, async infrastructure => {
        const waiting = await reviewIn(infrastructure).listWaiting()
        const rows = waiting.map(({ id, version, author, title }) => [String(id), version, author, title])
        return { result: { waiting }, lines: table(['id', 'version', 'author', 'title'], rows), exitCode: 0 }
      }),
  },
  {
    words: ['articles', 'review'],
    operands: ['ID', 'ACTION', '[REASON]'],
    flags: ['[--version', 'VERSION]'],
    about: `decide about an article: ${Object.keys(REVIEW_TRANSITIONS).join(', ')}. The author reads the reason of a rejection. With the version that \`articles waiting\` shows, an article that was edited since is not decided`,
    async run(call) {
      const [text = '', action = '', reason] = call.operands
      const id = parseId(text)
      if (!id) throw new UsageError('ID is a whole number from 1 to 9223372036854775807')
      if (!isReviewAction(action)) throw new UsageError(`ACTION is one of ${Object.keys(REVIEW_TRANSITIONS).join(', ')}`)
      return withInfrastructure(call, async infrastructure => {
        await reviewIn(infrastructure).decide(COMMAND_LINE, id as ArticleId, action, { reason, version: call.options.version })
        return { result: { id, action, status: REVIEW_TRANSITIONS[action].to }, exitCode: 0 }
      })
    },
  },
]

async function fileNeeds({ folder, operands, signal }: Invocation, { config, database, newId, log }: Infrastructure) {
  const file = resolve(folder, operands[0] as string)
  return {
    db: database.db,
    newId,
    log,
    clock: Date.now,
    timeZone: config.timezone,
    sanitizeHtml,
    fingerprintOf: await openFingerprintOf(database.db),
    insertArticles,
    file,
    signal,
  }
}
