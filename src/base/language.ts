/** The languages of the interface. Articles, dials and the demo world have one of them. */
export type Language = 'zh' | 'en'
