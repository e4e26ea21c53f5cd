import type { Topic } from './topic.ts'

export const world: Topic = {
  channel: 'World',
  language: 'en',
  keywords: ['issue', 'place'],
  pictures: ['bridge', 'globe', 'train'],
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
      picture: 'bridge',
      titles: [
        'How {place} rebuilt its {thing} in {n:9-40} months',
        '{place} bets on {issue}, and residents want receipts',
        'The {thing} that {place} almost lost',
        'Nine benches and two meetings about pigeons: how {place} got its {thing}',
        'In {place}, dog walkers could see what a bolt cost',
        '{place} came in under budget and voted on what to light',
      ],
      leads: [
        'The {thing} in {place} reopened on a wet Tuesday, {n:9-40} months after the first fence went up. Hardly anyone noticed, which is how its engineers like it.',
        'For years, {issue} in {place} meant a promise in spring and an apology in autumn. This time there is a ledger, and anybody may read it.',
      ],
      body: [
        'The hardest part was not the concrete. It was the eleven meetings about noise, the two about pigeons, and the one in which a retired teacher asked why nobody had drawn a bench. There are now nine benches.',
        '{person} ran the site from a caravan with the accounts pinned to the outside wall. Anyone walking a dog could see what a bolt cost. Three suppliers lowered their prices in the first week.',
        'It came in {k:2-9} per cent under budget. The difference was put to a vote, and went on lights that come on a little before people need them.',
      ],
    },
    {
      tag: 'Climate',
      picture: 'reef',
      titles: [
        'After the flood, {place} moves {n:40-900} homes uphill',
        'A dry year teaches {place} to share water',
        '{place} plants {m:2-90} thousand trees and counts the survivors',
        'The maps of {place} were drawn at kitchen tables',
        'Both floods found the old street of {place} empty',
        'What cannot be moved: a list from {place}',
      ],
      leads: [
        'The water stood at the second stair for {n2:3-11} days. When it left, {place} decided that {n:40-900} homes would not wait for it to return.',
        'Planting is easy, says {person}. Coming back in August with a bucket is the project.',
      ],
      body: [
        'The maps were redrawn at kitchen tables. Families marked the stair the water had reached, the neighbour who had a boat, the door that would not open. Only then did the engineers bring theirs.',
        'Moving uphill sounds simple until somebody asks about the graves, the school bus and the view. {person} kept a list of everything that could not be moved and read it aloud before each decision.',
        'The river has been high twice since. Both times the old street flooded and nobody was in it. Children now learn the date of the flood the way others learn the date of a battle.',
      ],
    },
    {
      tag: 'Politics',
      picture: 'globe',
      titles: [
        'In {place}, {n:60-150} strangers were asked about {issue}',
        'Vote on {issue} splits {place} down the middle',
        'What {body} learned from losing on {issue}',
        'Say what you heard, then what you think: {place} practises',
        'An expert in {place} said “we do not know” and was asked to lunch',
        'Harder to ignore than a report: the neighbours of {place}',
      ],
      leads: [
        '{n:60-150} people, drawn by lot, spent four weekends on {issue}. They were paid for their time, fed at noon and listened to, more or less in that order.',
        'The count finished at two in the morning with {n2:40-900} ballots between the sides. {place} went to work as usual, only quieter.',
      ],
      body: [
        'They were shown how to disagree before they were shown the file: say what you heard, then what you think, then stop. By the second weekend people had begun to use it at home, with mixed results.',
        'Experts came and were timed. The best loved was a hydrologist who answered a third of the questions with “we do not know” and was asked to stay for lunch.',
        'The council is not bound by the outcome, only obliged to answer it line by line. {person}, who drew the lots, says that is the point: it is harder to ignore a neighbour than a report.',
      ],
    },
    {
      tag: 'Work',
      picture: 'globe',
      titles: [
        'The last {n:5-30} lamplighters of {place}',
        'Shorter weeks, longer ferries: {place} tries again',
        'A strike over {issue} ends with soup',
        'A machine could do the round in {place}, but it would not knock',
        '{place} tried shorter shifts on one crew first',
        'One pen, two sides and {issue}: how a dispute ended in {place}',
      ],
      leads: [
        'There are {n:5-30} of them left, and each knows the other’s whistle. {person} has lit the same street for {y:11-39} years.',
        'The strike over {issue} ended not with a statement but with {k:60-400} bowls of soup, served by the side that had lost.',
      ],
      body: [
        'What looked like nostalgia turned out to be arithmetic. Machines could do the round in half the time, but they could not tell which window had been dark for two nights and knock.',
        'The new hours were tried on one crew first. Output held, sick days fell by a third, and the canteen had to learn to make breakfast. {person} kept a chart on the fridge until somebody drew a cat over it.',
        'Nobody calls it a victory. Both sides signed with the same pen, which has since gone missing, and each accuses the other of having it.',
      ],
    },
    {
      tag: 'Borders',
      picture: 'train',
      titles: [
        'The {thing} that belongs to two countries',
        'Night train to {place}: {n:9-26} hours, {k:2-5} languages',
        'At the {place} crossing, the queue has its own newspaper',
        'Six minutes apart: two timetables meet at {place}',
        'Three in the morning on the night train, with a phrase book',
        'The last in the queue at {place} explains how it works',
      ],
      leads: [
        'A white line runs through the middle of the {thing}. On one side it closes at six; on the other it never does.',
        'The night train to {place} takes {n:9-26} hours and announces itself in {k:2-5} languages, one of them wrongly.',
      ],
      body: [
        'Timetables on the two sides differ by six minutes, a relic of a quarrel that no living person remembers. Regulars set their watches to the middle and are wrong in both countries.',
        'The night guard, {person}, has a home-made phrase book. It contains no greetings, only the sentences people need at three in the morning: it is only the brakes; we are not there yet; you can keep the blanket.',
        'At dawn the queue breaks up without ceremony. Somebody passes on the news, somebody the pot of coffee, and the last in line becomes the first to explain how it works.',
      ],
    },
    {
      tag: 'Media',
      picture: 'globe',
      titles: [
        '{place} saves its newspaper by giving it away',
        'A radio station with {n:1-4} staff and {m:3-60} thousand listeners',
        'Who reports on {issue} when the reporters leave {place}?',
        'In {place} a closed library makes the front page',
        'The paper of {place} prints its corrections as large as its mistakes',
        'You are buying a space, and not a sentence: adverts return to {place}',
      ],
      leads: [
        'The paper in {place} had {m:3-60} thousand readers and no money. So {person} stopped selling it and started asking for help.',
        'For two years nobody sat in the press row when {body} met. Then a retired postman brought a notebook.',
      ],
      body: [
        'The first appeal brought in enough for a month, in coins. The second brought volunteers, who were more useful: a proof-reader of eighty, and a teenager who knew where the mayor parked.',
        'They changed what counts as news. A closed library got the front page, and so did the reopened bakery. Corrections run in the same type as the mistake, a rule that {person} calls expensive and worth it.',
        'Advertising has come back, modestly. The paper takes it on one condition, printed every week in a small box: you are buying a space, and not a sentence.',
      ],
    },
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
