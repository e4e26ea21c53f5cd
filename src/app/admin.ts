// The features for administrators: sign-in, administrators and their groups, the operation log, operations.

import { createLocalTimeFormat } from '../base/clock.ts'
import { createSealing } from '../base/sealing.ts'
import { createSecurityLog } from '../base/security-log.ts'
import type { Caches } from '../engines/cache/caches.ts'
import { createFixStatisticsJob } from '../engines/counters/reconcile-job.ts'
import { listRunRows } from '../engines/jobs/control.sql.ts'
import { createJobControl } from '../engines/jobs/control.ts'
import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import { createAdminTokens } from '../features/admins/admin-tokens.ts'
import { administratorRoutes } from '../features/admins/administrators.routes.ts'
import { createAdministrators } from '../features/admins/administrators.ts'
import { adminRoutes } from '../features/admins/admins.routes.ts'
import { type Admins, createAdmins, SIGN_IN_LIMIT } from '../features/admins/admins.ts'
import { groupRoutes, permissionRoutes } from '../features/admins/groups.routes.ts'
import { createGroups } from '../features/admins/groups.ts'
import { type CheckLimited, createLimitedCheck, PASSWORD_LIMIT } from '../features/admins/limited-check.ts'
import { operationLogRoutes } from '../features/admins/operation-log.routes.ts'
import { createOperationLog, type OperationLog } from '../features/admins/operation-log.ts'
import { createPermissions } from '../features/admins/permissions.ts'
import { secondFactorRoutes } from '../features/admins/second-factor.routes.ts'
import { createSecondFactor } from '../features/admins/second-factor.ts'
import { selfRoutes } from '../features/admins/self.routes.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { createOperations } from '../features/operations/operations.ts'
import type { AuthenticateAdmin } from '../http/bearer-token.ts'
import { PAGE_DAYS } from '../recommend/feed-constants.ts'
import { FACTORS_JOB, toFactorsView } from '../recommend/nightly/factors-view.ts'
import { toModelView } from '../recommend/nightly/model-view.ts'
import { listTrainedModels } from '../recommend/nightly/trained-models.sql.ts'
import { createPolicyTrial } from '../recommend/off-policy/try-in-thread.ts'
import type { Counting } from './counting.ts'
import { createOperatorExperiments } from './experiments.ts'
import { deleteFirstPassword } from './first-admin.ts'
import type { Infrastructure } from './infrastructure.ts'
import { createOperatorPolicies } from './policies.ts'

export interface AdminModules {
  modules: FeatureModule[]
  authenticateAdmin: AuthenticateAdmin
}

export function createAdminModules(
  infrastructure: Infrastructure,
  { counters, reconciler, lagSeconds }: Counting,
  operationLog: OperationLog,
  caches: Caches,
): AdminModules {
  const { config, database, databaseUrl, metrics, newId } = infrastructure
  const { db } = database
  const localTime = createLocalTimeFormat(config.timezone)
  const checkLimited = createPasswordLimit(infrastructure)
  const admins = createAdminSignIn(infrastructure, checkLimited)
  const officeNeeds = { db, newId, operationLog, onChanged: admins.forgetSessionStates }
  const jobControl = createJobControl({ db: database.db, zone: config.timezone })
  return {
    modules: [
      { routes: { admin: adminRoutes(admins), 'own admin': secondFactorRoutes(admins) } },
      { routes: { 'own admin': selfRoutes(admins) } },
      {
        routes: {
          admin: administratorRoutes({
            administrators: createAdministrators({ ...officeNeeds, ...passwordNeeds(infrastructure), checkLimited }),
            localTime,
          }),
        },
      },
      { routes: { admin: groupRoutes(createGroups(officeNeeds)) } },
      { routes: { admin: permissionRoutes(createPermissions(officeNeeds)) } },
      { routes: { admin: operationLogRoutes({ log: operationLog, localTime }) } },
      createOperations({
        database,
        metrics,
        caches,
        zone: config.timezone,
        pageDays: PAGE_DAYS,
        listFactors: async limit => (await listRunRows(database.db, FACTORS_JOB, limit)).flatMap(toFactorsView),
        listModels: async limit => (await listTrainedModels(database.db, limit)).map(toModelView),
        experiments: createOperatorExperiments(db),
        policies: createOperatorPolicies({ db, change: operationLog.change, tryPolicy: createPolicyTrial(databaseUrl) }),
        thisProcess: () => ({ pid: process.pid, roles: [...config.roles], up_seconds: Math.floor(process.uptime()) }),
        record: operationLog.record,
        change: operationLog.change,
        jobControl,
        counters,
        reconciler,
        lagSeconds,
      }),
      { jobs: [createFixStatisticsJob(reconciler)] },
    ],
    authenticateAdmin: admins.authenticate,
  }
}

const createPasswordLimit = ({ redis }: Infrastructure) => createLimitedCheck(createRateLimiter(PASSWORD_LIMIT, redis))

const passwordNeeds = ({ config, log }: Infrastructure) => ({
  securityLog: createSecurityLog(log),
  onPasswordChanged: (account: string) => deleteFirstPassword(config.dataDir, account),
})

/** Also used by the command line. */
export function createAdminSignIn(
  infrastructure: Infrastructure,
  checkLimited: CheckLimited = createPasswordLimit(infrastructure),
): Admins {
  const { config, database, redis, newId, secrets, tokenKeys } = infrastructure
  const clock = Date.now
  return createAdmins({
    db: database.db,
    newId,
    clock,
    tokens: createAdminTokens({ keys: tokenKeys, clock }),
    signInLimiter: createRateLimiter(SIGN_IN_LIMIT, redis),
    checkLimited,
    secondFactor: createSecondFactor({ db: database.db, clock, sealing: createSealing(secrets.identity) }),
    isSecondFactorRequired: config.admin.isSecondFactorRequired,
    operationLog: createOperationLog(database),
    ...passwordNeeds(infrastructure),
  })
}
