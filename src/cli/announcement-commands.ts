// `announcements list|add|remove`.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Infrastructure } from '../app/infrastructure.ts'
import { createLocalTimeFormat } from '../base/clock.ts'
import { type AnnouncementId, parseId } from '../base/id.ts'
import { createOperationLog } from '../features/admins/operation-log.ts'
import { createAnnouncements } from '../features/announcements/announcements.ts'
import { COMMAND_LINE } from '../http/access.ts'
import { type Command, UsageError, withInfrastructure } from './command.ts'
import { table } from './table.ts'

const announcementsOf = ({ config, database, newId }: Infrastructure) =>
  createAnnouncements({
    db: database.db,
    newId,
    localTime: createLocalTimeFormat(config.timezone),
    operationLog: createOperationLog(database),
  })

const LISTED = 50

export const ANNOUNCEMENT_COMMANDS: Command[] = [
  {
    words: ['announcements', 'list'],
    operands: [],
    about: `the newest ${LISTED} announcements`,
    run: call =>
      withInfrastructure(call, async infrastructure => {
        const { total_count, results } = await announcementsOf(infrastructure).list({ per_page: LISTED })
        const rows = results.map(({ id, pubdate, title }) => [String(id), pubdate, title])
        return { result: { count: total_count, announcements: results }, lines: table(['id', 'date', 'title'], rows), exitCode: 0 }
      }),
  },
  {
    words: ['announcements', 'add'],
    operands: ['TITLE', 'FILE'],
    about: 'tell all readers; FILE is HTML or plain text, - reads standard input',
    async run(call) {
      const [title = '', file = ''] = call.operands
      const content = file === '-' ? await text(process.stdin) : await readFile(resolve(call.folder, file), 'utf8')
      return withInfrastructure(call, async infrastructure => {
        const id = await announcementsOf(infrastructure).add(COMMAND_LINE, title, content)
        return { result: { id: id.toString() }, exitCode: 0 }
      })
    },
  },
  {
    words: ['announcements', 'remove'],
    operands: ['ID'],
    about: 'take an announcement back',
    run: call => {
      const id = parseId(call.operands[0] as string) as AnnouncementId | undefined
      if (!id) throw new UsageError('ID is the number that `announcements list` shows')
      return withInfrastructure(call, async infrastructure => {
        await announcementsOf(infrastructure).remove(COMMAND_LINE, id)
        return { result: { id: id.toString(), removed: true }, exitCode: 0 }
      })
    },
  },
]
