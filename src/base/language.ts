/** The languages of the interface. Articles, dials and the demo world have one of them. */
export type Language = 'zh' | 'en'

/** A text with such a character is Chinese; any other counts as English. For JavaScript and PostgreSQL. */
export const CHINESE_CHARACTER = '[\u3400-\u9fff]'
const chinese = new RegExp(CHINESE_CHARACTER)

export const languageOf = (text: string): Language => (chinese.test(text) ? 'zh' : 'en')
