import type { Topic } from './topic.ts'

export const world: Topic = {
  channel: 'World',
  language: 'en',
  keywords: ['issue', 'place'],
  words: {
    issue: [
      'housing',
      'public transport',
      'flood defence',
      'fishing rights',
      'night trains',
      'local news',
      'water supply',
      'school meals',
      'repair laws',
      'ferries',
    ],
    body: [
      'the city council',
      'the harbour authority',
      'a citizens’ assembly',
      'the regional parliament',
      'the farmers’ union',
      'the transport board',
    ],
    thing: ['bridge', 'tram line', 'library', 'market hall', 'ferry', 'reservoir', 'radio station', 'cycle route'],
  },
  stories: [
    {
      tag: 'Cities',
      titles: [
        'How {place} rebuilt its {thing} in {n:9-40} months',
        '{place} bets on {issue}, and residents want receipts',
        'The {thing} that {place} almost lost',
      ],
      leads: [
        'The {thing} in {place} reopened on a wet Tuesday, {n:9-40} months after the first fence went up. Hardly anyone noticed, which is how its engineers like it.',
        'For years, {issue} in {place} meant a promise in spring and an apology in autumn. This time there is a ledger, and anybody may read it.',
      ],
    },
    {
      tag: 'Climate',
      titles: [
        'After the flood, {place} moves {n:40-900} homes uphill',
        'A dry year teaches {place} to share water',
        '{place} plants {m:2-90} thousand trees and counts the survivors',
      ],
      leads: [
        'The water stood at the second stair for {n2:3-11} days. When it left, {place} decided that {n:40-900} homes would not wait for it to return.',
        'Planting is easy, says {person}. Coming back in August with a bucket is the project.',
      ],
    },
    {
      tag: 'Politics',
      titles: [
        'In {place}, {n:60-150} strangers were asked about {issue}',
        'Vote on {issue} splits {place} down the middle',
        'What {body} learned from losing on {issue}',
      ],
      leads: [
        '{n:60-150} people, drawn by lot, spent four weekends on {issue}. They were paid for their time, fed at noon and listened to, more or less in that order.',
        'The count finished at two in the morning with {n2:40-900} ballots between the sides. {place} went to work as usual, only quieter.',
      ],
    },
    {
      tag: 'Work',
      titles: [
        'The last {n:5-30} lamplighters of {place}',
        'Shorter weeks, longer ferries: {place} tries again',
        'A strike over {issue} ends with soup',
      ],
      leads: [
        'There are {n:5-30} of them left, and each knows the other’s whistle. {person} has lit the same street for {y:11-39} years.',
        'The strike over {issue} ended not with a statement but with {k:60-400} bowls of soup, served by the side that had lost.',
      ],
    },
    {
      tag: 'Borders',
      titles: [
        'The {thing} that belongs to two countries',
        'Night train to {place}: {n:9-26} hours, {k:2-5} languages',
        'At the {place} crossing, the queue has its own newspaper',
      ],
      leads: [
        'A white line runs through the middle of the {thing}. On one side it closes at six; on the other it never does.',
        'The night train to {place} takes {n:9-26} hours and announces itself in {k:2-5} languages, one of them wrongly.',
      ],
    },
    {
      tag: 'Media',
      titles: [
        '{place} saves its newspaper by giving it away',
        'A radio station with {n:1-4} staff and {m:3-60} thousand listeners',
        'Who reports on {issue} when the reporters leave {place}?',
      ],
      leads: [
        'The paper in {place} had {m:3-60} thousand readers and no money. So {person} stopped selling it and started asking for help.',
        'For two years nobody sat in the press row when {body} met. Then a retired postman brought a notebook.',
      ],
    },
  ],
  sentences: [
    '{body} has until the end of the month to answer.',
    'The bill comes to {g:1.2-48.5} million, roughly what was spent last year on consultants.',
    'A similar {thing} in {place2} came in late and under budget, a rare pairing.',
    'The vote passed with {k:3-19} seats to spare.',
    'Opponents have asked a court to look at the tender.',
    'Maps handed out at the meeting were already out of date, and were corrected by hand.',
    'Buses now run every {w:6-25} minutes, later than promised and earlier than feared.',
    'On the quay, opinion is measured in how long people stay to talk.',
    'An independent audit is due in {q:2-9} weeks.',
    'Neighbouring towns are watching closely, and copying quietly.',
    'The oldest person in the room had heard it all before, and said so.',
  ],
  quotes: [
    '“You can govern a town or you can photograph it,” said {person}. “Both takes two people.”',
    '“We asked for a plan and received a brochure.”',
    '“Nobody thanks you for a pipe that works.”',
    '“I voted against it. I also bring the cake,” said {person2}.',
  ],
  closings: [
    '{body} meets again on Thursday; the gallery is expected to be full.',
    'For now the {thing} is open, the kettle is on, and the argument about {issue} continues.',
  ],
  creators: [
    ['Harbour', 'Dispatches from small places with big questions.'],
    ['Lowmere', 'One town, every week, for eleven years.'],
    ['Transit', 'Trains, borders, and the people between.'],
  ],
}
