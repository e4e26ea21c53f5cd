// `token`, `admin create` and `admin reset-second-factor`.

import { createAdminSignIn } from '../app/admin.ts'
import { createSignIn } from '../app/sign-in.ts'
import { MOBILE_PATTERN } from '../features/accounts/accounts.schema.ts'
import { createAdmin, findAdminInputError, readPassword } from './admin.ts'
import { type Command, UsageError, withInfrastructure } from './command.ts'

const MOBILE = new RegExp(MOBILE_PATTERN)

export const TOKEN_COMMAND: Command = {
  words: ['token'],
  operands: [],
  flags: ['--mobile', 'NUMBER', '[--kind', 'reader|creator]', '|', '--account', 'ACCOUNT', '--kind', 'admin'],
  about: 'sign in without a code or password and print an access token, to try the API',
  async run(call) {
    const { mobile = '', account = '', kind = call.options.account === undefined ? 'reader' : 'admin' } = call.options
    if (kind !== 'reader' && kind !== 'creator' && kind !== 'admin') throw new UsageError('--kind must be reader, creator or admin')
    if (kind === 'admin' && (account === '' || mobile !== '')) throw new UsageError('--kind admin takes --account, and no --mobile')
    if (kind !== 'admin' && account !== '') throw new UsageError(`--kind ${kind} takes --mobile, and no --account`)
    if (kind !== 'admin' && !MOBILE.test(mobile)) throw new UsageError('--mobile takes a mobile number such as 13911111111')
    return withInfrastructure(call, async infrastructure => {
      if (kind !== 'admin') {
        const surface = kind === 'creator' ? 'studio' : 'app'
        return { result: await createSignIn(infrastructure).accounts.signInWithoutCode(mobile, surface), exitCode: 0 }
      }
      const { token, refresh_token, administrator_id } = await createAdminSignIn(infrastructure).signInWithoutPassword(account)
      return { result: { token, refresh_token, administrator_id: administrator_id.toString() }, exitCode: 0 }
    })
  },
}

export const ADMIN_COMMANDS: Command[] = [
  {
    words: ['admin', 'create'],
    operands: ['ACCOUNT'],
    flags: ['[--password-stdin]'],
    about: 'add an administrator; without a password, one is generated and printed',
    async run(call) {
      const account = call.operands[0] as string
      const password = call.options['password-stdin'] ? await readPassword(process.stdin) : undefined
      const error = await findAdminInputError(account, password)
      if (error) throw new UsageError(error)
      return withInfrastructure(call, async infrastructure => ({
        result: await createAdmin(createAdminSignIn(infrastructure), account, password),
        exitCode: 0,
      }))
    },
  },
  {
    words: ['admin', 'reset-second-factor'],
    operands: ['ACCOUNT'],
    about: 'let an administrator sign in with the password only, after they have lost phone and recovery codes',
    run: call =>
      withInfrastructure(call, async infrastructure => {
        const account = call.operands[0] as string
        return { result: { account, removed: await createAdminSignIn(infrastructure).secondFactor.reset(account) }, exitCode: 0 }
      }),
  },
]
