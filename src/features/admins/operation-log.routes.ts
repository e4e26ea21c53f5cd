import { Type } from 'typebox'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, DatesQuery, KeywordQuery, toAdminPage, toDateRange } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope } from '../../http/wire.ts'
import { LoggedItem } from './operation-log.schema.ts'
import type { OperationLog } from './operation-log.ts'

const ListQuery = Type.Object({ ...AdminListQuery, ...KeywordQuery, ...DatesQuery })

export const operationLogRoutes =
  ({ log, localTime }: { log: OperationLog; localTime: (at: Date) => string }): Routes =>
  async server => {
    server.get(
      '/operationlogs',
      {
        config: { access: 'admin', permission: 'operationlog-get', refuses: ['invalid'] },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('operationlogs', LoggedItem)) } },
      },
      async request => {
        const { keyword, begin, end, ...paging } = request.query
        const { rows, total } = await log.list(
          { keyword: keyword || undefined, ...toDateRange({ begin, end }, localTime) },
          toAdminPage(paging),
        )
        // The contract wants this one noted too. It shows who read what others did.
        await log.record(operatorOf(request), { operation: 'read operation log', description: `page ${paging.page ?? 1}` })
        const operationlogs = rows.map(({ id, at, ...row }) => ({ operation_log_id: id, ...row, ctime: localTime(at) }))
        return { message: 'OK' as const, data: { operationlogs, total_count: total } }
      },
    )
  }
