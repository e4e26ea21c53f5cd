// What counts as feedback: an action, of a reading also how long it took. `read>=30s` is a reading of half a minute or more.

export interface FeedbackRule {
  action: string
  /** Of a reading, in milliseconds: at least `from` and less than `to`. */
  from: number
  to: number
  /** In clicks; negative if it speaks against the article. */
  weight: number
}

const NO_LIMIT = Number.POSITIVE_INFINITY

/** `text` matches the schema. Times are whole milliseconds, so that "more than" is "from the next one on". */
export function parseFeedback(text: string): Omit<FeedbackRule, 'weight'> {
  const [, action = '', sign, seconds] = /^([a-z]+)(?:([<>]=?)(\d+)s)?$/.exec(text) ?? []
  const ms = Number(seconds) * 1000
  if (sign === undefined) return { action, from: 0, to: NO_LIMIT }
  return sign.startsWith('>')
    ? { action, from: sign === '>=' ? ms : ms + 1, to: NO_LIMIT }
    : { action, from: 0, to: sign === '<' ? ms : ms + 1 }
}

const isTimed = ({ from, to }: Pick<FeedbackRule, 'from' | 'to'>) => from > 0 || to < NO_LIMIT

/** What is wrong with the rules of a file, each with its path. */
export function findFeedbackErrors(
  positive: Record<string, number>,
  negative: Record<string, number>,
): { path: string; message: string }[] {
  const errors: { path: string; message: string }[] = []
  const all = [
    ...Object.keys(positive).map(text => ({ path: `feedback.positive.${text}`, isPositive: true, text, ...parseFeedback(text) })),
    ...Object.keys(negative).map(text => ({ path: `feedback.negative.${text}`, isPositive: false, text, ...parseFeedback(text) })),
  ]
  for (const rule of all) {
    if (isTimed(rule) && rule.action !== 'read') errors.push({ path: rule.path, message: 'only a reading has a time' })
    if (rule.from >= rule.to) errors.push({ path: rule.path, message: 'no reading is so short' })
    const other = all.find(
      one => one.isPositive !== rule.isPositive && one.action === rule.action && one.from < rule.to && rule.from < one.to,
    )
    if (!rule.isPositive && other) errors.push({ path: rule.path, message: `contradicts ${other.path}: a behaviour would be both` })
  }
  if (Object.values(positive).every(weight => weight === 0))
    errors.push({ path: 'feedback.positive', message: 'the weights sum to nothing' })
  return errors
}
