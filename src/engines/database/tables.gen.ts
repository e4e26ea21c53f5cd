// Generated from a migrated database by `npm run tables`; `npm run check` says when it is stale.
import type { Generated, GeneratedAlways } from 'kysely'
import type { AdministratorId, AdministratorSessionId, AnnouncementId, ArticleId, CommentId, FileId, PageId, ReaderId, SessionId } from '../../base/id.ts'

export interface Administrator {
  id: AdministratorId
  account: string
  password_hash: string
  name: string
  email: string | null
  mobile: string | null
  group_id: Generated<number>
  frozen: Generated<boolean>
  access_count: Generated<number>
  tries: Generated<number>
  tried_since: Generated<Date>
  created_at: Generated<Date>
  last_login_at: Date | null
}

export interface AdministratorGroup {
  id: Generated<number>
  name: string
  remark: Generated<string>
  enabled: Generated<boolean>
  has_all: Generated<boolean>
}

export interface AdministratorSession {
  id: AdministratorSessionId
  administrator_id: AdministratorId
  created_at: Generated<Date>
  expires_at: Date
  revoked_at: Date | null
  network: string | null
}

export interface Announcement {
  id: AnnouncementId
  title: string
  html: string
  published_at: Generated<Date>
}

export interface Appeal {
  id: GeneratedAlways<bigint>
  article_id: ArticleId
  decided_at: Date
  reason: string
  status: Generated<number>
  answer: string | null
  at: Generated<Date>
}

export interface Article {
  id: ArticleId
  author_id: ReaderId
  channel_id: number
  title: string
  cover: Generated<string[]>
  keywords: Generated<string[]>
  status: number
  allow_comment: Generated<boolean>
  origin: Generated<string>
  source_id: string | null
  published_at: Date
  created_at: Generated<Date>
  updated_at: Generated<Date>
  publish_at: Date | null
  approved_at: Date | null
  reject_reason: string | null
  appeared: Generated<boolean>
}

export interface ArticleContent {
  article_id: ArticleId
  html: string
}

export interface ArticleFactors {
  only_one: Generated<boolean>
  made_at: Date
  body: Buffer
}

export interface ArticleReview {
  article_id: ArticleId
  at: Generated<Date>
  reviewer: string
  action: string
  reason: string | null
}

export interface ArticleRevision {
  article_id: ArticleId
  number: number
  title: string
  html: string
  cover: string[]
  channel_id: number
  status: number
  saved_at: Generated<Date>
  id: GeneratedAlways<bigint>
}

export interface ArticleSimhash {
  article_id: ArticleId
  hash: bigint
  bands: number[]
}

export interface Attitude {
  reader_id: ReaderId
  article_id: ArticleId
  value: number
  at: Generated<Date>
}

export interface Autosave {
  author_id: ReaderId
  article_id: bigint
  content: unknown
  saved_at: Generated<Date>
  id: GeneratedAlways<bigint>
}

export interface Behaviour {
  id: string
  xid: Generated<string>
  seq: GeneratedAlways<bigint>
  action: string
  viewer: string | null
  article_id: ArticleId
  page_id: PageId | null
  position: number | null
  dwell_ms: number | null
  at: Generated<Date>
  once: string | null
  from_channel: number | null
}

export interface BehaviourDay {
  article_id: ArticleId
  day: string
  action: string
  from_channel: number | null
  behaviours: number
}

export interface BehaviourFigure {
  article_id: ArticleId
  at: Generated<Date>
  action: string
  from_channel: number | null
  behaviours: number
}

export interface BehaviourRefused {
  id: GeneratedAlways<bigint>
  at: Generated<Date>
  viewer: string | null
  action: string | null
  rule: string
  reason: string
  event: string | null
}

export interface Blocking {
  reader_id: ReaderId
  blocked_id: ReaderId
  at: Generated<Date>
}

export interface Change {
  xid: Generated<string>
  seq: GeneratedAlways<bigint>
  topic: string
  key: bigint
}

export interface Channel {
  id: Generated<number>
  name: string
  sequence: Generated<number>
  visible: Generated<boolean>
  is_default: Generated<boolean>
  origin: Generated<string>
}

export interface Chat {
  id: bigint
  low_id: bigint
  high_id: bigint
  last_seq: Generated<number>
  low_wrote: Generated<boolean>
  high_wrote: Generated<boolean>
}

export interface ChatForgotten {
  id: GeneratedAlways<bigint>
  chat_id: bigint
  after_seq: number
  up_to_seq: number
}

export interface ChatMessage {
  chat_id: bigint
  seq: number
  id: bigint
  sender_id: ReaderId
  client_id: string
  content: string
  article_id: ArticleId | null
  at: Generated<Date>
  removed: Generated<boolean>
  deleted_by_sender: Generated<boolean>
  deleted_by_recipient: Generated<boolean>
}

export interface ChatReport {
  reader_id: ReaderId
  message_id: bigint
  type: number
  remark: string | null
  at: Generated<Date>
  handled_at: Date | null
}

export interface ChatSide {
  reader_id: ReaderId
  peer_id: bigint
  chat_id: bigint
  delivered_seq: Generated<number>
  read_seq: Generated<number>
  cleared_seq: Generated<number>
  last_id: bigint | null
}

export interface Collection {
  reader_id: ReaderId
  article_id: ArticleId
  at: Generated<Date>
}

export interface Comment {
  id: CommentId
  article_id: ArticleId
  author_id: ReaderId
  parent_id: CommentId | null
  content: string
  status: Generated<number>
  pinned: Generated<boolean>
  created_at: Generated<Date>
  withdrawn_at: Date | null
}

export interface CommentLiking {
  reader_id: ReaderId
  comment_id: CommentId
  at: Generated<Date>
}

export interface CommentReport {
  reader_id: ReaderId
  comment_id: CommentId
  type: number
  remark: string | null
  at: Generated<Date>
  handled_at: Date | null
}

export interface Complaint {
  xid: Generated<string>
  seq: GeneratedAlways<bigint>
  viewer: string
  at: Generated<Date>
}

export interface Counted {
  table_name: string
  contributions: string
}

export interface Counter {
  kind: string
  key: bigint
  value: bigint
}

export interface CounterDelta {
  xid: Generated<string>
  seq: GeneratedAlways<bigint>
  kind: string
  key: bigint
  d: bigint
}

export interface CounterEpoch {
  one: Generated<boolean>
  id: Generated<string>
}

export interface Device {
  viewer: string
  first_at: Generated<Date>
}

export interface Dial {
  viewer: string
  interests: Generated<number[]>
  language: string | null
  muted_authors: Generated<bigint[]>
  muted_channels: Generated<number[]>
  muted_words: Generated<string[]>
  not_interested: Generated<bigint[]>
  version: Generated<number>
  changed_at: Generated<Date>
}

export interface Event {
  xid: Generated<string>
  seq: GeneratedAlways<bigint>
  kind: string
  actor_id: bigint
  target_id: bigint
  at: Generated<Date>
}

export interface Experiment {
  id: GeneratedAlways<bigint>
  name: string
  kind: string
  model_id: bigint | null
  control_policy: number | null
  treatment_policy: number | null
  key: Buffer
  share: number
  error: number
  state: Generated<string>
  started_at: Generated<Date>
  counted_from: Date
  ends_at: Date | null
  ended_at: Date | null
  reason: Generated<string>
  position: unknown
  figures: unknown | null
}

export interface ExperimentViewer {
  viewer: string
  experiment_id: bigint
  arm: number
  pages: Generated<number>
  places: Generated<number>
  authors: Generated<number>
  clicks: Generated<number>
  complaints: Generated<number>
  rankings: Generated<number>
  failed: Generated<number>
  slow: Generated<number>
  before_pages: number | null
  before_clicks: number | null
}

export interface FileRemoval {
  file_id: FileId
  name: string
  widths: number[]
  private: boolean
  queued_at: Generated<Date>
}

export interface FileUse {
  file_id: FileId
  table_name: string
  key: bigint
}

export interface Following {
  reader_id: ReaderId
  creator_id: ReaderId
  at: Generated<Date>
}

export interface GroupPermission {
  group_id: number
  permission_id: number
}

export interface History {
  reader_id: ReaderId
  article_id: ArticleId
  at: Generated<Date>
}

export interface IdWorker {
  worker: number
  owner: string | null
  fence: Generated<bigint>
  lease_until: Generated<Date>
  high_ms: Generated<bigint>
}

export interface IdempotentRequest {
  key: Buffer
  fingerprint: Buffer
  started_at: Generated<Date>
  status: number | null
  body: string | null
}

export interface Identity {
  reader_id: ReaderId
  real_name: Buffer | null
  id_number: Buffer | null
  id_card_front: FileId | null
  id_card_back: FileId | null
  id_card_handheld: FileId | null
  updated_at: Generated<Date>
}

export interface IdentityView {
  id: GeneratedAlways<bigint>
  reader_id: ReaderId
  picture: string
  administrator_id: AdministratorId | null
  at: Generated<Date>
  viewer_kind: string | null
  administrator_name: string | null
}

export interface Job {
  name: string
  about: string
  declared: string
  schedule: string | null
  overlap: string
  catch_up: string
  paused: Generated<boolean>
  next_slot: Date | null
  last_success_at: Date | null
  missed: Generated<bigint>
  removed_at: Date | null
}

export interface JobRun {
  job: string
  slot: Date
  asked: Generated<boolean>
  state: string
  due_at: Generated<Date>
  fence: bigint | null
  owner: string | null
  lease_until: Date | null
  attempt: Generated<number>
  started_at: Date | null
  ended_at: Date | null
  outcome: string | null
  message: string | null
  report: unknown | null
}

export interface Legalize {
  id: GeneratedAlways<bigint>
  reader_id: ReaderId
  status: Generated<number>
  reject_reason: string | null
  created_at: Generated<Date>
  decided_at: Date | null
}

export interface LogConsumer {
  log: string
  name: string
  xid: string
  seq: Generated<bigint>
  seen_at: Generated<Date>
  lineage: string | null
  caught_up_at: Date | null
  lease_holder: string | null
  lease_until: Date | null
}

export interface LogFloor {
  log: string
  xid: string
}

export interface Material {
  id: GeneratedAlways<number>
  reader_id: ReaderId
  file_id: FileId
  collected: Generated<boolean>
  created_at: Generated<Date>
}

export interface Migration {
  name: string
  checksum: string
  applied_at: Generated<Date>
}

export interface Milestone {
  name: string
  at: Generated<Date>
}

export interface ModerationHit {
  id: GeneratedAlways<bigint>
  at: Generated<Date>
  subject: string
  subject_id: bigint | null
  reader_id: ReaderId
  action: string
  words: string[]
  excerpt: string
}

export interface Notice {
  xid: Generated<string>
  seq: Generated<bigint>
  reader_id: ReaderId
  kind: string
  actor_id: bigint
  subject_id: bigint
  article_id: bigint | null
  at: Generated<Date>
  read_at: Date | null
  withdrawn: Generated<boolean>
  came_back: Generated<boolean>
}

export interface NoticeFanout {
  article_id: ArticleId
  due_at: Date
  withdraws: boolean
  after_at: Generated<Date>
  after_id: Generated<bigint>
}

export interface NoticeSetting {
  reader_id: ReaderId
  muted: Generated<string[]>
  quiet_from: number | null
  quiet_to: number | null
  presence: Generated<boolean>
}

export interface OperationLog {
  id: GeneratedAlways<bigint>
  administrator_id: bigint | null
  administrator_name: string
  ip: string
  operation: string
  description: string
  before: unknown | null
  after: unknown | null
  at: Generated<Date>
}

export interface Page {
  id: PageId
  viewer: string
  channel_id: number
  scroll: PageId
  stamp: bigint
  older: bigint
  asked: bigint | null
  article_ids: ArticleId[]
  sources: number[]
  propensity: number[]
  policy: number
  made_at: Generated<Date>
  why: unknown | null
  seen_list: bigint | null
  seen_end: number | null
  nothing_unseen_at: bigint | null
  xid: Generated<string | null>
  seq: Generated<bigint | null>
  pinned_ids: bigint[] | null
  arm: number | null
}

export interface Permission {
  id: Generated<number>
  name: string
  type: number
  parent_id: number | null
  code: string
  sequence: Generated<number>
}

export interface PublishedArticle {
  id: ArticleId
  author_id: ReaderId
  channel_id: number
  title: string
  cover: Generated<string[]>
  keywords: Generated<string[]>
  status: number
  allow_comment: Generated<boolean>
  origin: Generated<string>
  source_id: string | null
  published_at: Date
  created_at: Generated<Date>
  updated_at: Generated<Date>
  publish_at: Date | null
  approved_at: Date | null
  reject_reason: string | null
  appeared: Generated<boolean>
}

export interface RankingPolicy {
  version: GeneratedAlways<number>
  made_at: Generated<Date>
  document: unknown
  made_by: string | null
}

export interface RankingPolicyUse {
  id: GeneratedAlways<bigint>
  version: number | null
  since: Generated<Date>
}

export interface Reader {
  id: ReaderId
  mobile: string | null
  name: string
  photo: string | null
  intro: Generated<string>
  certificate: Generated<string>
  email: string | null
  gender: number | null
  birthday: string | null
  is_media: Generated<boolean>
  is_verified: Generated<boolean>
  frozen: Generated<boolean>
  origin: Generated<string>
  created_at: Generated<Date>
  last_login_at: Date | null
  deletion_due_at: Date | null
  deleted_at: Date | null
  account: string | null
  area: string | null
  company: string | null
  career: string | null
}

export interface ReaderChannel {
  reader_id: ReaderId
  channel_id: number
  sequence: number
}

export interface ReconcileReport {
  kind: string
  checked: bigint
  rows_drift: bigint
  store_drift: bigint
  repaired: number
  watermark: string
  seconds: number
  at: Generated<Date>
}

export interface ReconcileResult {
  id: GeneratedAlways<bigint>
  kind: string
  checked: bigint
  rows_drift: bigint
  store_drift: bigint
  repaired: number
  seconds: number
  at: Generated<Date>
}

export interface RecoveryCode {
  administrator_id: bigint
  code_hash: Buffer
}

export interface RelatedArticle {
  article_id: ArticleId
  related_ids: bigint[]
  made_at: Date
}

export interface Report {
  reader_id: ReaderId
  article_id: ArticleId
  type: number
  remark: string | null
  at: Generated<Date>
  handled_at: Date | null
}

export interface RequestHour {
  hour: Date
  requests: bigint
  searches: Generated<bigint>
}

export interface SearchArticleA {
  id: bigint
  version: bigint
  gone: Generated<boolean>
  place: Generated<bigint>
  author_id: bigint
  channel_id: number
  published_at: Date
  covers: number
  popularity: number
  title: string
  title_tokens: string
  tokens: string
}

export interface SearchArticleB {
  id: bigint
  version: bigint
  gone: Generated<boolean>
  place: Generated<bigint>
  author_id: bigint
  channel_id: number
  published_at: Date
  covers: number
  popularity: number
  title: string
  title_tokens: string
  tokens: string
}

export interface SearchAsked {
  query: string
  viewer: Buffer
  hour: Date
}

export interface SearchHistory {
  reader_id: ReaderId
  keyword: string
  at: Generated<Date>
}

export interface SearchIndex {
  engine: string
  slot: string
  live: Generated<boolean>
  xid: string | null
  seq: Generated<bigint>
  incarnation: string | null
  copied_id: bigint | null
  copied: Generated<number>
  total: Generated<number>
  started_at: Date | null
  lineage: string | null
}

export interface SearchKey {
  key: string
  phrase: string
  way: number
  kind: string
  weight: number
}

export interface SearchList {
  key: string
  viewer: string | null
  query: string
  ids: bigint[]
  expires_at: Date
}

export interface SearchOpening {
  id: GeneratedAlways<bigint>
  viewer: string
  query: string
  article_id: ArticleId
  position: number
  at: Generated<Date>
}

export interface SearchTerm {
  term: string
  docs: number
}

export interface SearchWord {
  id: GeneratedAlways<number>
  word: string
  added_at: Generated<Date>
}

export interface SecondFactor {
  administrator_id: AdministratorId
  secret: Buffer
  confirmed_at: Date | null
  last_step: Generated<bigint>
}

export interface SeenDay {
  viewer: string
  day: string
  article_ids: ArticleId[]
}

export interface SeenList {
  id: bigint
  chunk: number
  article_ids: bigint[]
  made_at: Generated<Date>
}

export interface SensitiveWord {
  id: Generated<number>
  word: string
  weights: Generated<number>
  action: Generated<string>
  by_sound: Generated<boolean>
  hold_count: Generated<number>
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

export interface Session {
  id: SessionId
  reader_id: ReaderId
  surface: string
  created_at: Generated<Date>
  expires_at: Date
  revoked_at: Date | null
  agent: Generated<string>
  address: Generated<string>
  last_used_at: Date | null
  end_reason: string | null
  generation: Generated<number>
  rotated_at: Date | null
  is_confirmed: Generated<boolean>
  retried_generation: number | null
  retries: Generated<number>
  retries_since: Date | null
}

export interface SetAside {
  id: GeneratedAlways<bigint>
  log: string
  consumer: string
  xid: string
  seq: bigint
  row: unknown
  reason: string
  attempts: Generated<number>
  since: Generated<Date>
  tried_at: Generated<Date>
  next_at: Date | null
}

export interface SharedList {
  channel_id: number
  minute: bigint
  article_ids: ArticleId[]
}

export interface SmsCode {
  mobile: string
  purpose: string
  code_hash: Buffer
  sent_at: Generated<Date>
  expires_at: Date
  tries_left: number
}

export interface SmsDay {
  day: string
  sent: number
}

export interface SmsNumber {
  mobile: string
  since: Generated<Date>
  sent: Generated<number>
}

export interface StoredFile {
  id: FileId
  name: string
  owner_id: ReaderId | null
  private: Generated<boolean>
  widths: number[]
  bytes: number[]
  stored: Generated<boolean>
  banned: Generated<boolean>
  created_at: Generated<Date>
  unused_since: Generated<Date | null>
}

export interface TokenKey {
  id: GeneratedAlways<bigint>
  salt: Buffer
  created_at: Generated<Date>
  retired_at: Date | null
}

export interface TopArticle {
  channel_id: number
  article_id: ArticleId
  rank: number
  pinned_at: Generated<Date>
}

export interface TrainedModel {
  id: GeneratedAlways<bigint>
  trained_at: Generated<Date>
  state: string
  reason: string
  figures: unknown
  model: Buffer | null
}

export interface Visit {
  day: string
  kind: string
  who: Buffer
  hours: number
}

export interface VisitorCount {
  kind: string
  starts_at: Date
  ends_at: Date
  visitors: number
}

export interface WebPushSubscription {
  id: GeneratedAlways<bigint>
  reader_id: ReaderId
  endpoint: string
  p256dh: string
  auth: string
  failures: Generated<number>
  created_at: Generated<Date>
  failing_since: Date | null
}

export interface Tables {
  administrator: Administrator
  administrator_group: AdministratorGroup
  administrator_session: AdministratorSession
  announcement: Announcement
  appeal: Appeal
  article: Article
  article_content: ArticleContent
  article_factors: ArticleFactors
  article_review: ArticleReview
  article_revision: ArticleRevision
  article_simhash: ArticleSimhash
  attitude: Attitude
  autosave: Autosave
  behaviour: Behaviour
  behaviour_day: BehaviourDay
  behaviour_figure: BehaviourFigure
  behaviour_refused: BehaviourRefused
  blocking: Blocking
  change: Change
  channel: Channel
  chat: Chat
  chat_forgotten: ChatForgotten
  chat_message: ChatMessage
  chat_report: ChatReport
  chat_side: ChatSide
  collection: Collection
  comment: Comment
  comment_liking: CommentLiking
  comment_report: CommentReport
  complaint: Complaint
  counted: Counted
  counter: Counter
  counter_delta: CounterDelta
  counter_epoch: CounterEpoch
  device: Device
  dial: Dial
  event: Event
  experiment: Experiment
  experiment_viewer: ExperimentViewer
  file_removal: FileRemoval
  file_use: FileUse
  following: Following
  group_permission: GroupPermission
  history: History
  id_worker: IdWorker
  idempotent_request: IdempotentRequest
  identity: Identity
  identity_view: IdentityView
  job: Job
  job_run: JobRun
  legalize: Legalize
  log_consumer: LogConsumer
  log_floor: LogFloor
  material: Material
  migration: Migration
  milestone: Milestone
  moderation_hit: ModerationHit
  notice: Notice
  notice_fanout: NoticeFanout
  notice_setting: NoticeSetting
  operation_log: OperationLog
  page: Page
  permission: Permission
  published_article: PublishedArticle
  ranking_policy: RankingPolicy
  ranking_policy_use: RankingPolicyUse
  reader: Reader
  reader_channel: ReaderChannel
  reconcile_report: ReconcileReport
  reconcile_result: ReconcileResult
  recovery_code: RecoveryCode
  related_article: RelatedArticle
  report: Report
  request_hour: RequestHour
  search_article_a: SearchArticleA
  search_article_b: SearchArticleB
  search_asked: SearchAsked
  search_history: SearchHistory
  search_index: SearchIndex
  search_key: SearchKey
  search_list: SearchList
  search_opening: SearchOpening
  search_term: SearchTerm
  search_word: SearchWord
  second_factor: SecondFactor
  seen_day: SeenDay
  seen_list: SeenList
  sensitive_word: SensitiveWord
  session: Session
  set_aside: SetAside
  shared_list: SharedList
  sms_code: SmsCode
  sms_day: SmsDay
  sms_number: SmsNumber
  stored_file: StoredFile
  token_key: TokenKey
  top_article: TopArticle
  trained_model: TrainedModel
  visit: Visit
  visitor_count: VisitorCount
  web_push_subscription: WebPushSubscription
}
