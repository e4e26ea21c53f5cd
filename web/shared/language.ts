// The language of the interface, Chinese or English, and the language of a text.

const isChinese = navigator.language.toLowerCase().startsWith('zh')

export const LANGUAGE = isChinese ? 'zh-CN' : 'en'

/** The words of the interface in the browser's language; both must have the same keys. */
export const translate = <Words>(zh: Words, en: Words): Words => (isChinese ? zh : en)

/** For `lang` attributes: it decides on typeface, line breaks and the voice of screen readers. */
export const languageOf = (text: string): 'zh-CN' | 'en' => (/[\u3400-\u9fff]/.test(text) ? 'zh-CN' : 'en')
