/** The paths of the front page, the channels and the popular lists. */
export const FEED_PATH = /^\/(?:(?:c\/(?<channel>\d{1,19})|(?<popular>popular))\/?)?$/
