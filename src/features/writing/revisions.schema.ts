import { type Static, Type } from 'typebox'

export const SavedAt = Type.Object({ saved_at: Type.String({ format: 'date-time' }) })

/** A revision in the list of an article's revisions. */
export const RevisionItem = Type.Object({
  number: Type.Integer(),
  title: Type.String(),
  status: Type.Integer(),
  ...SavedAt.properties,
})
export type RevisionItem = Static<typeof RevisionItem>
