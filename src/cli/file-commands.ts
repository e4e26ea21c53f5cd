// `files migrate FROM TO`, `files ban` and `files unban`.

import { resolve } from 'node:path'
import { type FilesLocation, parseFilesUrl } from '../base/files-url.ts'
import { notFound } from '../base/problem.ts'
import { copyFiles } from '../engines/files/copy-files.ts'
import { openFiles } from '../engines/files/open-files.ts'
import { FILE_NAME } from '../features/files/file-keys.ts'
import { setBanned } from '../features/files/files.sql.ts'
import { type Command, UsageError, withInfrastructure } from './command.ts'
import { withProgress } from './progress.ts'

/** A FILES_URL, or the path of a folder. */
function locationOf(given: string, folder: string): FilesLocation {
  const location = given.includes('://') ? parseFilesUrl(given) : { kind: 'folder' as const, folder: resolve(folder, given) }
  if (!location) throw new UsageError(`"${given.replace(/:[^:@/]*@/, ':…@')}" is neither a folder nor an address as in FILES_URL`)
  return location
}

const ban = (banned: boolean): Command => ({
  words: ['files', banned ? 'ban' : 'unban'],
  operands: ['NAME'],
  about: banned ? 'stop serving a picture, given by its name or address' : 'serve it again',
  run: call => {
    const name = call.operands[0]?.split('?')[0]?.split('/').at(-1) ?? ''
    if (!FILE_NAME.test(name)) throw new UsageError('NAME is the end of the address of a picture: 32 characters and its type')
    return withInfrastructure(call, async ({ database }) => {
      if (!(await setBanned(database.db, name, banned))) throw notFound(`there is no file ${name}`)
      return { result: { name, banned }, exitCode: 0 }
    })
  },
})

export const FILE_COMMANDS: Command[] = [
  {
    words: ['files', 'migrate'],
    operands: ['FROM', 'TO'],
    about: 'copy all files to another store, each a folder or as in FILES_URL; repeat it to go on, or to copy what was added',
    async run({ operands: [from = '', to = ''], folder, stderr, signal }) {
      const [source, target] = await Promise.all([from, to].map(each => openFiles(locationOf(each, folder), Date.now)))
      if (!source || !target) throw new UsageError('FROM and TO are needed')
      try {
        const report = await withProgress(stderr, 'copying', update => copyFiles(source, target, { signal, onProgress: update }))
        return { result: report, exitCode: 0 }
      } finally {
        source.close()
        target.close()
      }
    },
  },
  ban(true),
  ban(false),
]
