// The days that a question is about: "yesterday", "上周", "3月5日".

import { DAY } from '../../base/clock.ts'

/** Days as `2026-11-29`; `end` is the day after the last one. */
export interface Days {
  begin: string
  end: string
  zh: string
  en: string
}

const addDays = (day: string, count: number) => new Date(Date.parse(`${day}T00:00Z`) + count * DAY).toISOString().slice(0, 10)
const exists = (day: string) => !Number.isNaN(Date.parse(`${day}T00:00Z`)) && addDays(day, 0) === day
/** From Monday. */
const weekdayOf = (day: string) => (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7

const WEEKDAYS_ZH = ['一', '二', '三', '四', '五', '六', '日']
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']

/** The days, and the text without the words that name them. */
export function findDays(text: string, today: string): { days: Days | undefined; rest: string } {
  for (const [pattern, toDays] of PATTERNS) {
    const match = pattern.exec(text)
    const days = match && toDays(match, today)
    if (match && days) return { days, rest: `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`.trim() }
  }
  return { days: undefined, rest: text }
}

type ToDays = (match: RegExpExecArray, today: string) => Days | undefined

const span =
  (from: number, to: number, zh: string, en: string): ToDays =>
  (_, today) => ({ begin: addDays(today, from), end: addDays(today, to), zh, en })
const week =
  (weeks: number, zh: string, en: string): ToDays =>
  (_, today) => {
    const monday = addDays(today, 7 * weeks - weekdayOf(today))
    return { begin: monday, end: addDays(monday, 7), zh, en }
  }
/** The last such day, not today. */
function weekday(index: number, today: string): Days | undefined {
  if (index < 0) return undefined
  const begin = addDays(today, -(((weekdayOf(today) - index + 6) % 7) + 1))
  return { begin, end: addDays(begin, 1), zh: `周${WEEKDAYS_ZH[index]}`, en: `on ${capitalize(WEEKDAYS[index] as string)}` }
}
/** No article is of another year, and a day far beyond them is none that PostgreSQL knows. */
const YEARS = { first: 1970, last: 2100 }

/** Without a year of this one, or of the last one if that is still to come. */
function dayOf(month: number, date: number, today: string, year?: number): Days | undefined {
  if (year !== undefined && (year < YEARS.first || year > YEARS.last)) return undefined
  const inYear = (of: number) => `${of}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
  const thisYear = year ?? Number(today.slice(0, 4))
  const begin = year === undefined && inYear(thisYear) > today ? inYear(thisYear - 1) : inYear(thisYear)
  if (!exists(begin)) return undefined
  const [zhYear, enYear] = year === undefined ? ['', ''] : [`${year}年`, `, ${year}`]
  const en = `on ${capitalize(MONTHS[month - 1] as string)} ${date}${enYear}`
  return { begin, end: addDays(begin, 1), zh: `${zhYear}${month}月${date}日`, en }
}
const capitalize = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
const monthOf = (name: string) => MONTHS.findIndex(month => month.startsWith(name.slice(0, 3))) + 1
const MONTH = MONTHS.map(month => `${month.slice(0, 3)}(?:${month.slice(3)})?`).join('|')

const PATTERNS: [RegExp, ToDays][] = [
  [/(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?/, ([, y, m, d], today) => dayOf(Number(m), Number(d), today, Number(y))],
  [/(\d{1,2})月(\d{1,2})[日号]/, ([, m, d], today) => dayOf(Number(m), Number(d), today)],
  [
    new RegExp(`\\b(?:on |of )?(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?\\b`),
    ([, m, d], today) => dayOf(monthOf(m as string), Number(d), today),
  ],
  [
    new RegExp(`\\b(?:on |of )?(?:the )?(\\d{1,2})(?:st|nd|rd|th)? (?:of )?(${MONTH})\\b`),
    ([, d, m], today) => dayOf(monthOf(m as string), Number(d), today),
  ],
  [/大前天/, span(-3, -2, '大前天', 'three days ago')],
  [/前天|the day before yesterday/, span(-2, -1, '前天', 'the day before yesterday')],
  [/昨[天日晚夜]|\byesterday(?:'s)?\b|\blast night\b/, span(-1, 0, '昨天', 'yesterday')],
  [/今[天日晚早]|\btoday(?:'s)?\b|\btonight\b|\bthis morning\b/, span(0, 1, '今天', 'today')],
  [/上个?(?:周|星期|礼拜)(?![一二三四五六日天末])|\blast week(?:'s)?\b/, week(-1, '上周', 'last week')],
  [/[这本]个?(?:周|星期|礼拜)(?![一二三四五六日天末])|\bthis week(?:'s)?\b/, week(0, '本周', 'this week')],
  [/上?(?:周末)|\b(?:last |the )?weekend\b/, (_, today) => weekend(today)],
  [
    /(?:上个?|这个?|本)?(?:周|星期|礼拜)([一二三四五六日天])/,
    ([, day], today) => weekday(day === '天' ? 6 : WEEKDAYS_ZH.indexOf(day as string), today),
  ],
  [new RegExp(`\\b(?:on |last )?(${WEEKDAYS.join('|')})(?:'s)?\\b`), ([, day], today) => weekday(WEEKDAYS.indexOf(day as string), today)],
]

function weekend(today: string): Days {
  const saturday = weekday(5, addDays(today, 1))?.begin ?? today
  return { begin: saturday, end: addDays(saturday, 2), zh: '周末', en: 'at the weekend' }
}
