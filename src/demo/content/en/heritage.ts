import type { Topic } from '../topic.ts'

export const heritageEn: Topic = {
  channel: '人文',
  beat: 'Heritage',
  language: 'en',
  keywords: ['relic', 'house'],
  pictures: ['scroll', 'bridge', 'books'],
  words: {
    relic: ['a tin box', 'a ship’s bell', 'a child’s shoe', 'a tapestry', 'a prayer book', 'a sundial', 'a glass eye'],
    house: ['the Old Ropewalk', 'Marlow Almshouse', 'the Tide Mill', 'the Weigh House', 'Pell’s Tannery', 'the Signal Tower'],
  },
  stories: [
    {
      tag: 'Archives',
      picture: 'scroll',
      titles: [
        'Behind a wall of {house}: {relic} and {n:14-90} letters',
        'A bill, a way of keeping eggs, and four words never sent',
        'Someone is courting someone, on page thirty',
        'One letter a week: {house} opens its wall in spring',
        'Paper that has been wet smells of bread first',
        'With clean hands and a pencil: the letters of {house}',
      ],
      leads: [
        'The plasterer’s hammer went through and met no brick. Behind it, wrapped in oilcloth, lay {relic} and {n:14-90} letters.',
        'Paper that has been wet smells of bread, then of cellar, then of nothing. {person} can tell the decade.',
      ],
      body: [
        'The letters are about money, mostly, and about a roof. Between the lines someone is courting someone, with such caution that the readers were divided until page thirty.',
        'One sheet did duty three times. It was a bill first; then, turned sideways, a way of keeping eggs; and in the last free corner, in different ink, four words that were never sent.',
        'They will be shown in spring under glass, one a week. The others may be asked for by number, and read at the window, with clean hands and a pencil.',
      ],
    },
    {
      tag: 'Buildings',
      picture: 'bridge',
      titles: [
        '{house} leans by {n:8-60} inches, and has been asked to stay so',
        'Forty coats of paint on the door of {house}',
        'A pink that nobody in {place} will own up to',
        'The stonemason of {place} keeps casts of old mistakes',
        'Who would recognise {house} from the boat?',
        'They moved {house} a hundred yards, with the tenants in it',
      ],
      leads: [
        'Engineers have measured {house} every spring since {year}. It leans by {n:8-60} inches, and this year it did not lean any further.',
        'On the move day the tenants were asked to keep to the middle of the rooms. Somebody made toast.',
      ],
      body: [
        'Scraped in a strip the width of a thumb, the door goes back through two greens, a mourning black and a pink that nobody will own up to. The earliest coat is ox blood and buttermilk. It is in the best condition.',
        'New stone is cut with old mistakes. {person} has plaster casts of the tool marks on the east side, so that the west side can be wrong in the same way.',
        'There was a plan to straighten it. At the hearing, an old woman asked who would then recognise the place from the boat. The plan is in the archive.',
      ],
    },
    {
      tag: 'Customs',
      picture: 'books',
      titles: [
        'Once a year {place} rolls a barrel uphill. We asked why',
        'A siege, a bet, a bishop: the barrel of {place} explained',
        'It is simply a good hill, says {person}',
        'The second verse came back from a film',
        'Down on two ropes, in silence: the last hour in {place}',
        'Eleven people and an empty barrel',
      ],
      leads: [
        'Nobody remembers what was in the barrel. It has been empty since {year}, and it takes eleven people to get it to the top.',
        'At the foot of the hill in {place} stands a barrel. On the second Sunday in May people begin to look at it.',
      ],
      body: [
        'Explanations are offered freely and do not match. A siege, a bet, a bishop. {person}, who has pushed since childhood, thinks that it is simply a good hill.',
        'The young ones film it, and at first that was a worry. Then somebody noticed that they had learned the second verse, from the film of the year before.',
        'In the evening the barrel is let down again, on two ropes, in silence. It is not in any guidebook, and it is the part that people come home for.',
      ],
    },
  ],
  quotes: [
    '“The past is not quiet. We only turned it down,” said {person2}.',
    '“A custom is an answer that has outlived its question.”',
    '“We do not restore. We ask the damp to wait.”',
  ],
  closings: [
    '{house} is open on Saturdays. Mind the third step, it is original.',
    'The archive of {place} is open on Tuesdays. Bring a pencil, leave the pen.',
  ],
  creators: [
    ['Vellum', 'Old paper, new readers.'],
    ['Plinth', 'Looks at what stands still.'],
  ],
}
