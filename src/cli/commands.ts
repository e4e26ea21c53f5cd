// Every command, in the order in which the help lists them.

import { findFirstPassword } from '../app/first-admin.ts'
import { findRunningServer } from '../app/server-file.ts'
import { VERSION } from '../app/version.ts'
import { parseId } from '../base/id.ts'
import { decodeSnowflake } from '../base/snowflake.ts'
import { DEMO_CODE } from '../features/accounts/sms-sender.ts'
import { ANNOUNCEMENT_COMMANDS } from './announcement-commands.ts'
import { ARTICLE_COMMANDS } from './article-commands.ts'
import { BACKUP_COMMANDS } from './backup-commands.ts'
import { BEHAVIOUR_COMMANDS } from './behaviour-commands.ts'
import { type Command, UsageError } from './command.ts'
import { COUNTER_COMMANDS } from './counter-commands.ts'
import { DEMO_COMMANDS } from './demo-commands.ts'
import { EXPERIMENT_COMMANDS } from './experiment-commands.ts'
import { EXPLAIN_COMMAND } from './explain-command.ts'
import { FILE_COMMANDS } from './file-commands.ts'
import { JOB_COMMANDS } from './job-commands.ts'
import { KEY_COMMANDS } from './key-commands.ts'
import { LOG_COMMANDS } from './log-commands.ts'
import { MODEL_COMMANDS } from './model-commands.ts'
import { PINNED_COMMANDS } from './pinned-commands.ts'
import { POLICY_COMMANDS } from './policy-commands.ts'
import { READER_COMMANDS } from './reader-commands.ts'
import { SEARCH_COMMANDS } from './search-commands.ts'
import { ADMIN_COMMANDS, TOKEN_COMMAND } from './sign-in-commands.ts'
import { WORD_COMMANDS } from './word-commands.ts'

const INFO_COMMAND: Command = {
  words: ['info'],
  operands: [],
  about: 'where the server is and how to sign in',
  async run({ config }) {
    const server = await findRunningServer(config.dataDir)
    const sign_in = config.smsUrl ? 'with a code sent to a mobile number' : `13911111111, code ${DEMO_CODE}`
    const first = await findFirstPassword(config.dataDir)
    const admin = first
      ? `/admin, account ${first.account}, password in ${first.file}`
      : '/admin, with an account and its password; `admin create ACCOUNT` makes one'
    const { url = null, grpc = null, pid = null } = server ?? {}
    return { result: { version: VERSION, url, grpc, data_dir: config.dataDir, pid, sign_in, admin }, exitCode: 0 }
  },
}

const ID_COMMAND: Command = {
  words: ['id'],
  operands: ['N'],
  about: 'when an id was made, and by which worker',
  async run({ operands }) {
    const id = parseId(operands[0] as string)
    if (!id) throw new UsageError('an id is a whole number from 1 to 9223372036854775807')
    return { result: { id: id.toString(), ...decodeSnowflake(id) }, exitCode: 0 }
  },
}

export const COMMANDS: Command[] = [
  INFO_COMMAND,
  ...ARTICLE_COMMANDS,
  ...DEMO_COMMANDS,
  ...COUNTER_COMMANDS,
  TOKEN_COMMAND,
  ...PINNED_COMMANDS,
  ...ANNOUNCEMENT_COMMANDS,
  ...WORD_COMMANDS,
  EXPLAIN_COMMAND,
  ...SEARCH_COMMANDS,
  ...FILE_COMMANDS,
  ...BACKUP_COMMANDS,
  ...ADMIN_COMMANDS,
  ...KEY_COMMANDS,
  ...READER_COMMANDS,
  ...JOB_COMMANDS,
  ...BEHAVIOUR_COMMANDS,
  ...LOG_COMMANDS,
  ...MODEL_COMMANDS,
  ...POLICY_COMMANDS,
  ...EXPERIMENT_COMMANDS,
  ID_COMMAND,
]
