// Types of the API's answers, derived from the server's schemas.

import type { Static } from 'typebox'
import type { UserItem as UserSchema } from '../../../src/features/accounts/office-users.schema.ts'
import type { AdministratorItem as AdministratorSchema } from '../../../src/features/admins/administrators.schema.ts'
import type { GroupItem as GroupSchema, GroupWithTree as GroupTreeSchema } from '../../../src/features/admins/groups.schema.ts'
import type { LoggedItem as LoggedSchema } from '../../../src/features/admins/operation-log.schema.ts'
import type {
  Enrolment as EnrolmentSchema,
  RecoveryCodes as RecoveryCodesSchema,
  SecondFactorState as SecondFactorSchema,
} from '../../../src/features/admins/second-factor.schema.ts'
import type { OwnAdministrator as OwnSchema } from '../../../src/features/admins/self.schema.ts'
import type { AnnouncementPage as AnnouncementsSchema } from '../../../src/features/announcements/announcements.schema.ts'
import type { OfficeChannelItem as ChannelSchema } from '../../../src/features/channels/office-channels.schema.ts'
import type { HeldCommentItem as HeldSchema } from '../../../src/features/comments/held-comments.schema.ts'
import type { LegalizePage as LegalizePageSchema, LegalizeItem as LegalizeSchema } from '../../../src/features/identity/legalizes.schema.ts'
import type { ReportedItem as ReportedSchema } from '../../../src/features/moderation/reports.schema.ts'
import type {
  WordDryRun as WordDryRunSchema,
  WordImport as WordImportSchema,
  WordItem as WordSchema,
  WordTest as WordTestSchema,
} from '../../../src/features/moderation/words.schema.ts'
import type { CachesView } from '../../../src/features/operations/caches.schema.ts'
import type { ConsumerView, SetAsideView } from '../../../src/features/operations/consumers.schema.ts'
import type { CounterExplanation, CounterStatus, PastDrift, ReconcileResult } from '../../../src/features/operations/counters.schema.ts'
import type { ExperimentItem } from '../../../src/features/operations/experiments.schema.ts'
import type { JobView, RunView } from '../../../src/features/operations/jobs.schema.ts'
import type { PoliciesView, PolicyView, TriedView } from '../../../src/features/operations/policies.schema.ts'
import type { QueriesView } from '../../../src/features/operations/queries.schema.ts'
import type { RecommenderView } from '../../../src/features/operations/recommender.schema.ts'
import type { PinnedItem as PinnedSchema } from '../../../src/features/pinned/pinned.schema.ts'
import type {
  SearchedKeyword as KeywordSchema,
  SiteOverview as OverviewSchema,
  SiteSeries as SeriesSchema,
} from '../../../src/features/statistics/site-statistics.schema.ts'
import type { AppealItem as AppealSchema } from '../../../src/features/writing/appeals.schema.ts'
import type {
  OfficeArticlePage as ArticlePageSchema,
  OfficeArticleItem as ArticleSchema,
} from '../../../src/features/writing/office-articles.schema.ts'
import type { AsJson } from '../../shared/api/as-json.ts'

export type OwnAdministrator = AsJson<OwnSchema>
export type SecondFactorState = AsJson<SecondFactorSchema>
export type Enrolment = AsJson<EnrolmentSchema>
export type NewRecoveryCodes = AsJson<RecoveryCodesSchema>
export type Administrator = AsJson<AdministratorSchema>
export type Group = AsJson<GroupSchema>
export type GroupTree = AsJson<GroupTreeSchema>
export type LoggedOperation = AsJson<LoggedSchema>
export type User = AsJson<UserSchema>
export type Legalize = AsJson<LegalizeSchema>
export type LegalizePage = AsJson<LegalizePageSchema>
export type Article = AsJson<ArticleSchema>
export type ArticlePage = AsJson<ArticlePageSchema>
export type HeldComment = AsJson<HeldSchema>
export type Reported = AsJson<ReportedSchema>
export type Appeal = AsJson<AppealSchema>
export type Word = AsJson<WordSchema>
export type WordTest = AsJson<WordTestSchema>
export type WordDryRun = AsJson<WordDryRunSchema>
export type WordImport = AsJson<WordImportSchema>
export type Channel = AsJson<ChannelSchema>
export type Announcements = AsJson<AnnouncementsSchema>
export type Pinned = AsJson<PinnedSchema>
export type SiteOverview = AsJson<OverviewSchema>
export type SiteSeries = AsJson<SeriesSchema>
export type Keyword = AsJson<KeywordSchema>
export type Job = Static<typeof JobView>
export type Run = Static<typeof RunView>
export type Counter = Static<typeof CounterStatus>
export type Drift = Static<typeof PastDrift>
export type Reconciled = Static<typeof ReconcileResult>
export type Explanation = Static<typeof CounterExplanation>
export type Caches = Static<typeof CachesView>
export type RecommenderFigures = Static<typeof RecommenderView>
export type Experiment = Static<typeof ExperimentItem>
export type Policy = Static<typeof PolicyView>
export type Policies = Static<typeof PoliciesView>
export type TriedPolicy = Static<typeof TriedView>
export type Queries = Static<typeof QueriesView>
export type Consumer = Static<typeof ConsumerView>
export type SetAside = Static<typeof SetAsideView>

/** A list of the admin API: an array under its own name, and how many there are in all. */
export type AdminList<Name extends string, Item> = Record<Name, Item[]> & { total_count: number }
