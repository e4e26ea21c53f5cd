// The media queries of styles/feed.css and styles/front.css, where a script has to know them.

export const PHONE = '(max-width: 44rem)'
/** Room for a column beside the feed. */
export const DESKTOP = '(min-width: 64rem)'
