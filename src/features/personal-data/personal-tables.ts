// What each table holds about a reader. test/rules/personal-data.test.ts compares this list with the foreign keys of the
// database, so that a new table is neither forgotten in an export nor left behind by a deletion.

export interface PersonalRule {
  /** Whether the rows are the reader's own. Rows that others made about them, such as who blocks them, are not theirs to see. */
  isExported: boolean
  /**
   * `delete` the rows. `anonymise`: what happened stays counted, who did it is forgotten. `blank`: the row stays, because
   * others have answered it, without what the reader wrote.
   */
  removal: 'delete' | 'anonymise' | 'blank'
}

const OWN: PersonalRule = { isExported: true, removal: 'delete' }
const OF_OTHERS: PersonalRule = { isExported: false, removal: 'delete' }

/** By `table.column`, where the column is a reader's id or a viewer key. */
export const PERSONAL_RULES: Record<string, PersonalRule> = {
  'article.author_id': { isExported: true, removal: 'blank' },
  'attitude.reader_id': OWN,
  'autosave.author_id': OWN,
  'behaviour.viewer': { isExported: true, removal: 'anonymise' },
  'behaviour_refused.viewer': OWN,
  'blocking.blocked_id': OF_OTHERS,
  'blocking.reader_id': OWN,
  'chat_message.sender_id': OWN,
  'chat_report.reader_id': OWN,
  'chat_side.reader_id': OWN,
  'collection.reader_id': OWN,
  'comment.author_id': { isExported: true, removal: 'blank' },
  'comment_liking.reader_id': OWN,
  'comment_report.reader_id': OWN,
  'complaint.viewer': OWN,
  'device.viewer': OF_OTHERS, // devices are no readers
  'dial.viewer': OWN,
  'experiment_viewer.viewer': OWN,
  'following.creator_id': OF_OTHERS,
  'following.reader_id': OWN,
  'history.reader_id': OWN,
  'identity.reader_id': OWN,
  'identity_view.reader_id': OWN,
  'legalize.reader_id': OWN,
  'material.reader_id': OWN,
  'moderation_hit.reader_id': OWN,
  'notice.reader_id': OWN,
  'notice_setting.reader_id': OWN,
  'page.viewer': OWN,
  'reader_channel.reader_id': OWN,
  'report.reader_id': OWN,
  'search_history.reader_id': OWN,
  'search_list.viewer': OWN,
  'search_opening.viewer': OWN,
  'seen_day.viewer': OWN,
  'session.reader_id': OWN,
  'stored_file.owner_id': OWN,
  'web_push_subscription.reader_id': OWN,
}

/** Tables that name a reader only through an article of theirs, and that hold what the reader wrote. They are deleted with the article. */
export const ARTICLE_PARTS = ['appeal', 'article_content', 'article_revision']

/** A table that a later version of the database has: deleted with its reader, and not shown. */
export const ruleOf = (key: string): PersonalRule => PERSONAL_RULES[key] ?? OF_OTHERS
