// Scores of leaderboards: arithmetic over an article's counts and age, such as `(clicks + 3 * likes) / (age + 2) ^ 1.5`. A text is
// compiled to closures once; there are no loops and no names but these, so a score takes a bounded number of steps.
//
//   sum     = product { ("+" | "-") product }
//   product = sign { ("*" | "/") sign }
//   sign    = "-" sign | power
//   power   = atom [ "^" sign ]
//   atom    = number | name | function "(" sum { "," sum } ")" | "(" sum ")"

/** `age` is in hours; the others are counts. */
export const VARIABLES = ['clicks', 'likes', 'dislikes', 'collections', 'comments', 'shares', 'age'] as const
export type ArticleCounts = Record<(typeof VARIABLES)[number], number>

/** A score that is no finite number puts the article on no leaderboard. */
export type Expression = (counts: ArticleCounts) => number

const FUNCTIONS: Record<string, { arity: number; of: (a: number, b: number) => number }> = {
  log: { arity: 1, of: Math.log },
  sqrt: { arity: 1, of: Math.sqrt },
  exp: { arity: 1, of: Math.exp },
  abs: { arity: 1, of: Math.abs },
  min: { arity: 2, of: Math.min },
  max: { arity: 2, of: Math.max },
}
const OPERATORS: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
}
const LENGTH_MAX = 200
/** Of brackets and signs in one another. */
const DEPTH_MAX = 20

export function compileExpression(text: string): Expression {
  if (text.length > LENGTH_MAX) throw new Error(`an expression has at most ${LENGTH_MAX} characters`)
  const tokens = [...text.matchAll(/\d+(?:\.\d+)?|[a-z]+|\S/g)].map(match => ({ text: match[0], at: match.index }))
  let next = 0
  let depth = 0

  const peek = () => tokens[next]?.text
  const fail = (what: string): never => {
    const token = tokens[next]
    throw new Error(token ? `${what} at character ${token.at + 1}: "${token.text}"` : `${what} at the end`)
  }
  const take = (wanted: string) => {
    if (peek() !== wanted) fail(`"${wanted}" expected`)
    next++
  }
  function deeper<T>(read: () => T): T {
    if (++depth > DEPTH_MAX) throw new Error(`an expression is at most ${DEPTH_MAX} levels deep`)
    const result = read()
    depth--
    return result
  }
  function chain(operators: string, read: () => Expression): Expression {
    let left = read()
    for (let operator = peek(); operator && operators.includes(operator); operator = peek()) {
      next++
      const [first, second, apply] = [left, read(), OPERATORS[operator] as (a: number, b: number) => number]
      left = counts => apply(first(counts), second(counts))
    }
    return left
  }
  const sum = (): Expression => chain('+-', () => chain('*/', sign))
  function sign(): Expression {
    if (peek() !== '-') return power()
    next++
    const value = deeper(sign)
    return counts => -value(counts)
  }
  function power(): Expression {
    const base = atom()
    if (peek() !== '^') return base
    next++
    const exponent = deeper(sign)
    return counts => base(counts) ** exponent(counts)
  }
  function atom(): Expression {
    const token = peek() ?? fail('a value expected')
    if (token === '(') return bracketed(() => sum())
    if (/^\d/.test(token)) {
      next++
      const value = Number(token)
      return () => value
    }
    if (!/^[a-z]/.test(token)) fail('a value expected')
    const variable = VARIABLES.find(name => name === token)
    const called = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined
    if (!variable && !called) fail(`there is no such name; there are ${[...VARIABLES, ...Object.keys(FUNCTIONS)].join(', ')}`)
    next++
    return variable ? counts => counts[variable] : call(called as (typeof FUNCTIONS)[string])
  }
  function bracketed<T>(read: () => T): T {
    take('(')
    const value = deeper(read)
    take(')')
    return value
  }
  function call({ arity, of }: (typeof FUNCTIONS)[string]): Expression {
    const [first, second] = bracketed(() => {
      const values = [sum()]
      for (; values.length < arity; values.push(sum())) take(',')
      return values as [Expression, Expression?]
    })
    return second ? counts => of(first(counts), second(counts)) : counts => of(first(counts), 0)
  }

  const expression = sum()
  if (next < tokens.length) fail('the end expected')
  return expression
}
