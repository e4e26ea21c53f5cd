import type { Topic } from '../topic.ts'

export const sportsEn: Topic = {
  channel: '体育',
  beat: 'Sport',
  language: 'en',
  keywords: ['club', 'crew', 'race'],
  pictures: ['ball', 'track'],
  words: {
    club: ['Lowmere Rovers', 'the Calder Herons', 'Quillan Athletic', 'the Tarn Harriers', 'Easterby United'],
    crew: ['the Port Ellery Swimmers', 'the Calder Oars', 'the Tarn Dippers', 'the Quillan Sculls'],
    race: ['the Lighthouse Mile', 'the Hill of Bells', 'the Two Ferries', 'the Long Shadow', 'the Saint Averil relay'],
  },
  stories: [
    {
      tag: 'Football',
      picture: 'ball',
      titles: [
        '{club} lose by five, and their supporters ask for an encore',
        '{n:94-99} minutes, five goals against, and a dog',
        'Eleven weeks on a car park for one corner of {club}',
        'The book of near misses that the supporters of {club} borrow',
        'Losing is a trade like any other, and {club} learned it early',
        'It worked once: the corner of {club}',
      ],
      leads: [
        'When it was over, {club} had conceded five and the away end was singing. The stewards asked them, kindly, to go home.',
        'There are two versions of the {n:94-99}th minute. In one, {person} shoots. In the other, the dog assists.',
      ],
      body: [
        'They had practised the corner for eleven weeks on a car park with chalk. It worked once. It may never work again, because the drawing was on the team bus and the team bus has been sold.',
        'Up in the stand somebody keeps a book with all the near misses since {year}. It is much longer than the book of goals, and it is the one people ask to borrow.',
        '{person} says that losing is a trade like any other: you learn it early, and you do not bring it home. The training on Tuesday was the best attended of the year.',
      ],
    },
    {
      tag: 'Running',
      picture: 'track',
      titles: [
        '{race}: {k:200-2400} starters, one right of way, and a herd of sheep',
        'The course of {race} is about right, and has been since the marsh',
        'A loaf, a handshake and the tape: what you win in {race}',
        'On Fridays they walk, and may not talk about {race}',
        '{person} has carried the tape of {race} three times',
        'They leave the clock of {race} running until the last is in',
      ],
      leads: [
        'The sheep came on at the third mile. By the rules of {race}, written in {year}, they have the right of way.',
        'At the finish of {race} they leave the clock running until {person} is in. It is in the statutes, under “Lighting”.',
      ],
      body: [
        'The course has not been measured since a surveyor lost his wheel in the marsh. Everybody agrees that it is about right. Records are kept in an exercise book, with the weather and the wind, and the word “roughly”.',
        'Training is plain. Uphill on Mondays, downhill on Wednesdays, and on Fridays a walk during which nobody may talk about running. The last is the hardest.',
        'What does the winner get? A loaf, a handshake, and the duty to carry the tape next year. {person} has carried it three times and says the loaf is getting smaller.',
      ],
    },
    {
      tag: 'Water',
      picture: 'ball',
      titles: [
        '{crew} are in the water at five',
        'The board at the gate of {place}, where “bracing” is not allowed',
        'A rule book so short that the current does the refereeing',
        'Learning late, off the low wall, with a belt and a niece',
        'Four oars, one family, one word',
        'If you touch the buoy, you say so: {crew} and their river',
      ],
      leads: [
        'At five in the morning the water in {place} is the colour of slate, and {k:9-60} people are already in it.',
        'The four in the boat are two sisters, a cousin and an uncle by marriage. Between start and finish they exchange one word, and it is “now”.',
      ],
      body: [
        'The rule book is short, since the current does most of the refereeing. If you touch the buoy you say so. In living memory one person has not, and he moved inland.',
        'There is a board at the gate with the temperature in chalk and, under it, what people said getting in. “Bracing” is not allowed any more. It had been used to lure visitors.',
        '{person} learned late, off the low wall, with a belt and a patient niece. The belt is in the museum of the boathouse; the niece swims for {crew}.',
      ],
    },
  ],
  quotes: [
    '“We are a team in the sense that we share a car,” said {person2}.',
    '“The body keeps a diary. Mine has a lot of weather in it.”',
    '“You can shout at a referee or you can see the game. Not both.”',
  ],
  closings: [
    '{race} is on again in the autumn. The sheep have been informed.',
    'Next Saturday {club} are at home. Bring something to sit on.',
  ],
  creators: [
    ['Offside', 'Cold stands, warm hearts.'],
    ['Lap Two', 'Slow runs, honestly told.'],
  ],
}
