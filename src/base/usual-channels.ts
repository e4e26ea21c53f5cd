// Channels that most sites have, by their name in both languages: the interface calls them by it, and a search finds them by either.

export const USUAL_CHANNELS: readonly (readonly [zh: string, en: string])[] = [
  ['推荐', 'For you'],
  ['科技', 'Technology'],
  ['财经', 'Business'],
  ['体育', 'Sport'],
  ['娱乐', 'Film and TV'],
  ['美食', 'Food'],
  ['旅行', 'Travel'],
  ['健康', 'Health'],
  ['汽车', 'Cars'],
  ['教育', 'Education'],
  ['人文', 'Heritage'],
  ['国际', 'World'],
  ['科学', 'Science'],
  ['文化', 'Culture'],
]

/** Both names of a usual channel, or the one name of any other. */
export const namesOfChannel = (name: string): readonly string[] => USUAL_CHANNELS.find(names => names.includes(name)) ?? [name]
