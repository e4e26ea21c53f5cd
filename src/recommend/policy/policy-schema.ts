// The file with which an operator changes the ranking without code. Every field may be left out; DEFAULT_POLICY has what holds then.
// docs/ranking-policy.schema.json is this schema as JSON.

import { type Static, Type } from 'typebox'

const only = { additionalProperties: false }
/** Ten times as strong is already all that counts. */
const WEIGHT_MAX = 10
const Weight = (description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: WEIGHT_MAX, description }))
const Share = (description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: 1, description }))

const FeedbackWeights = (description: string) =>
  Type.Optional(
    Type.Record(
      Type.String({ pattern: '^(click|read|like|dislike|collect|share)([<>]=?[0-9]{1,4}s)?$' }),
      Type.Number({ minimum: 0, maximum: WEIGHT_MAX }),
      { ...only, description, maxProperties: 20 },
    ),
  )

export const PolicySchema = Type.Object(
  {
    // Without control characters and halves of pairs, which the database does not store.
    $schema: Type.Optional(Type.String({ maxLength: 200, pattern: '^\\P{C}*$', description: 'for editors; not used' })),
    name: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'small letters, digits and hyphens' })),
    sources: Type.Optional(
      Type.Object(
        {
          following: Weight('the newest of each creator that the reader follows'),
          covisited: Weight('read by readers of the viewer’s recent clicks'),
          collaborative: Weight('what readers read who read as this viewer does'),
          interests: Weight('the newest of each channel that the viewer chose'),
          trending: Weight('by trending score'),
          fresh: Weight('by age'),
          explore: Weight('new and hardly shown'),
          leaderboard: Weight('the leaderboards of this policy'),
        },
        { ...only, description: 'a candidate’s score is multiplied by the highest weight of the sources that found it; 0: not asked' },
      ),
    ),
    factors: Type.Optional(
      Type.Object(
        {
          appeal: Weight('trending score'),
          freshness: Weight('half as good after a day'),
          closeness: Weight('the viewer follows the author'),
          taste: Weight('the viewer reads the channel'),
          likeness: Weight('co-visits with the recent clicks'),
          choice: Weight('dial: a channel that the viewer chose'),
          disinterest: Weight('dial: not interested'),
          language: Weight('dial: the other language; of no effect, as what is in it comes last anyway'),
          model: Weight('the learned model; 0: the other factors rank'),
        },
        { ...only, description: 'how strong a factor of the score is: its exponent; 0: not used, 1: as built, 2: squared' },
      ),
    ),
    diversity: Type.Optional(
      Type.Object(
        {
          author: Share('what a second article of an author on a page counts of its score'),
          channel: Share('the same of a channel'),
        },
        only,
      ),
    ),
    exploration: Type.Optional(
      Type.Object(
        {
          share: Share('of the pages whose fifth place goes to a new article, if there is one'),
          showings: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 10_000, description: 'an article shown so often, anywhere, is no longer tried' }),
          ),
        },
        only,
      ),
    ),
    feedback: Type.Optional(
      Type.Object(
        {
          days: Type.Optional(Type.Integer({ minimum: 1, maximum: 30, description: 'older feedback is not counted' })),
          positive: FeedbackWeights('what raises an article’s trending score, in clicks: a viewer’s strongest of a day counts'),
          negative: FeedbackWeights('what lowers it'),
        },
        { ...only, description: 'actions, of a reading also how long it took: read>=30s, read<5s' },
      ),
    ),
    leaderboards: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
        Type.Object(
          {
            score: Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'an expression, such as (clicks + 3 * likes) / (age + 2) ^ 1.5',
            }),
            size: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'candidates for a page' })),
          },
          only,
        ),
        { ...only, maxProperties: 5, description: 'lists of articles by counts and age (hours), which are a source of the feed' },
      ),
    ),
  },
  { ...only, $id: 'ranking-policy', title: 'Ranking policy of Broadsheet' },
)

export type PolicyDocument = Static<typeof PolicySchema>
export type SourceName = keyof NonNullable<PolicyDocument['sources']>
export type FactorName = keyof NonNullable<PolicyDocument['factors']>
