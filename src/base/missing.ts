/** The longest such text has 20 characters. The length is checked first: the expression is quadratic in brackets. */
const LENGTH_MAX = 32

/**
 * Whether a text is what a client writes for a variable that has no value: `null`, `undefined`, `NaN`, `[object Object]`, `(null)`,
 * nothing, and the same in quotes or brackets. Such a text names nothing: all clients with the same mistake send it.
 */
export const isMissing = (text: string): boolean =>
  text.length <= LENGTH_MAX && /^["'()[\]{}]*(?:null|undefined|nan|none|nil|false|object \w+)?["'()[\]{}]*$/i.test(text)
