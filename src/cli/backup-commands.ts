// `backup FILE` and `restore FILE`: a whole installation in one archive, and an installation from it.

import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { backUp } from '../app/backup.ts'
import { restore } from '../app/restore.ts'
import { type Command, UsageError, withInfrastructure } from './command.ts'

const isFolder = (path: string) =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )

export const BACKUP_COMMANDS: Command[] = [
  {
    words: ['backup'],
    operands: ['FILE'],
    about: 'write rows, pictures and keys into one archive, while servers go on; keep it as you keep the keys',
    async run(call) {
      const file = resolve(call.folder, call.operands[0] as string)
      if (await isFolder(file)) throw new UsageError(`${file} is a folder: name the archive, for example broadsheet.tar.zst`)
      if (!(await isFolder(dirname(file)))) throw new UsageError(`there is no folder ${dirname(file)}`)
      const { databaseUrl, dataDir } = call.config
      // A backup of a mistyped folder would be one of nothing.
      if (!databaseUrl && !(await isFolder(join(dataDir, 'secrets'))))
        throw new UsageError(`there is no installation in DATA_DIR, ${dataDir}`)
      return withInfrastructure(call, async infrastructure => ({ result: await backUp(infrastructure, file, call.signal), exitCode: 0 }))
    },
  },
  {
    words: ['restore'],
    operands: ['FILE'],
    about: 'make an installation from an archive, in an empty DATA_DIR or DATABASE_URL',
    async run({ config, log, folder, operands, signal }) {
      return { result: await restore(resolve(folder, operands[0] as string), { config, log, signal }), exitCode: 0 }
    },
  },
]
