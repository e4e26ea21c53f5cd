import type { Topic } from './topic.ts'

export const culture: Topic = {
  channel: 'Culture',
  language: 'en',
  keywords: ['craft', 'work'],
  pictures: ['books', 'record', 'stage'],
  words: {
    work: [
      'The Glass Orchard',
      'Nine Quiet Rooms',
      'A Map of Salt',
      'Letters to a Lighthouse',
      'The Borrowed Sea',
      'Slow Thunder',
      'Paper Weather',
      'The Long Table',
    ],
    craft: [
      'bookbinding',
      'street theatre',
      'letterpress',
      'folk song',
      'documentary film',
      'ceramics',
      'comics',
      'typography',
      'board games',
      'bread',
    ],
    venue: ['a former cinema', 'the old customs house', 'a church hall', 'the back of a laundrette', 'a barge', 'the municipal library'],
  },
  stories: [
    {
      tag: 'Books',
      picture: 'books',
      titles: [
        '“{work}” took {y:6-21} years. It was worth the wait',
        'Review: “{work}” is a novel with the windows open',
        'Why everyone in {place} is reading “{work}”',
        'The rest of “{work}” is the tea',
        '“{work}”: sentences like steps on ice',
        'Somebody laughs on the last page of “{work}”',
      ],
      leads: [
        '{person} wrote “{work}” between {n:4-6} and seven every morning for {y:6-21} years. You can hear the birds in it.',
        'In {place} the waiting list for “{work}” is {m:90-800} names long. The library has bought four more copies and a bell.',
      ],
      body: [
        'Not much happens, and all of it matters. A woman returns a key to a house that has been sold, and is asked in for tea. The rest of the book is the tea.',
        'The sentences are short the way steps are short on ice. Twice I went back because I thought I had missed a death. I had not; the author had simply closed a door very gently.',
        'It is not flawless. There is a dream too many, and the uncle is a device. But on the last page somebody laughs in another room, and I have been trying since to find out who.',
      ],
    },
    {
      tag: 'Design',
      picture: 'books',
      titles: [
        'The quiet return of {craft}',
        '{n:4-12} rules of {craft}, and when to break them',
        'A chair, a lamp and {y:3-15} years of {craft}',
        'They expected a secret and were handed a broom',
        'What the floor tells you about {craft}',
        'The line on the invoice that {person} never charges',
      ],
      leads: [
        'There were {n:4-12} rules pinned above the bench. {person} has broken all of them, always for the same reason: the thing asked for it.',
        'It was meant to be dead. Instead, {craft} has a waiting list in {place}, and the average student is {k:19-34}.',
      ],
      body: [
        'The tools hang in the order in which they are regretted. That is how it is taught here: not how to begin, which anybody can, but what to do in the ninth hour when it has gone wrong.',
        'Students expect a secret and are handed a broom. By the third week they see that the floor tells them everything: what was hurried, what was dropped, what was cut twice.',
        '{person} sells very little and repairs a great deal. The invoice lists the hours, the material and one line that is never charged for: looking at it.',
      ],
    },
    {
      tag: 'Film',
      picture: 'screen',
      titles: [
        '“{work}” was filmed in {n:9-50} days with one lens',
        'In {venue}, a film club refuses to close',
        'Watching “{work}” with the person who mended its sound',
        'The scratch in every window of “{work}”',
        'One kettle, one moped, one choir: the sound of “{work}”',
        'After “{work}”, nobody reached for a phone',
      ],
      leads: [
        'One lens, {n:9-50} days, no rain insurance. “{work}” looks as if somebody had opened a window in a wall you knew well.',
        'On Thursdays, {venue} fills with {k:30-120} people who have agreed not to talk until the kettle boils.',
      ],
      body: [
        'The lens was borrowed and had a scratch. Instead of hiding it they moved the sun until the scratch became part of the window. You can see it in every interior, and after a while you look for it.',
        'There is hardly any music. A kettle, a moped, a choir practising two streets away. {person} recorded it all after the shoot, alone, with the same shoes on.',
        'Afterwards the lights stay down for the length of one song. Nobody announces it. People sit there and, for once, do not reach for their phones.',
      ],
    },
    {
      tag: 'Music',
      picture: 'record',
      titles: [
        'The choir of {place} sings for {n:9-60} listeners and a dog',
        '“{work}”: an album made in {venue}',
        'How {craft} found its way back to {place}',
        'They kept the coughs: notes on “{work}”',
        'The plumber who came about the radiator and stayed to sing',
        'Three villages, three endings, one song',
      ],
      leads: [
        'The album was recorded in {venue}, between deliveries. If you listen closely, track {k:3-9} has a van in it.',
        '{n:9-60} chairs were put out in {venue}. By half past seven people were sitting on the stairs, and the dog had the good seat.',
      ],
      body: [
        'They kept the first takes, coughs included. The tempo wanders the way a conversation does, faster when somebody is sure and slower when somebody is right.',
        'Rehearsals are on Tuesdays, and are open. A plumber joined in the second year because he had come about the radiator. He sings bass, and the radiator is still not mended.',
        'Songs travel badly in luggage and well in kitchens. This one has been found in three villages with three endings; {person} sings all of them, and leaves it to the room to choose.',
      ],
    },
    {
      tag: 'Makers',
      picture: 'loaf',
      titles: [
        '{person} has made {m:300-7000} of these, and still dislikes the first',
        'Learning {craft} from someone who will not hurry',
        'Inside {venue}, where {craft} is taught for free',
        '{craft}, taught over four winters',
        'Find the place where the last person gave up',
        'A wait of {n:5-20} months, and a card that says what sort of day it was',
      ],
      leads: [
        'The first one stands on a high shelf, facing the wall. {person} has made {m:300-7000} since then, and says it is getting easier to look.',
        'Lessons in {craft} take place in {venue}. They cost nothing, and you are expected to sweep.',
      ],
      body: [
        'Speed is not forbidden, only pointless. The material takes the time it takes, and the maker may spend it talking, sweeping, or sharpening something that is already sharp.',
        'What is taught is mostly attention. Pick it up, turn it over, find the place where the last person gave up. Go on from there. That is the whole course, says {person}, and it lasts four winters.',
        'Customers wait about {k:5-20} months and seldom complain. With each piece comes a card that says who made it, on what sort of day, and what to do when it breaks.',
      ],
    },
    {
      tag: 'Games',
      picture: 'books',
      titles: [
        'A board game about {craft} that ends in conversation',
        '{n:2-9} friends, {y:3-12} years, one very slow game',
        '“{work}” is the puzzle {place} cannot put down',
        'Move a piece, or explain why you will not',
        'The green counter is missing; a button plays on',
        'Nobody has found the winning line of “{work}”',
      ],
      leads: [
        '{n:2-9} friends have played the same game for {y:3-12} years. It is about {craft}, and nobody is winning.',
        '“{work}” comes in a plain box with no instructions. In {place}, people have begun to leave each other hints.',
      ],
      body: [
        'The rules fit on a postcard and the arguments do not. Each turn you may move a piece or explain why you will not. It is the explaining that people remember.',
        'No one has found the winning line. {person} believes there is none, and that the designer hid the ending in the habit of meeting every week. The designer, asked about it, sent a postcard with the rules.',
        'It can be bought for the price of two cinema tickets, or borrowed from the library with a note of what is missing. At present it is one green counter, replaced by a button.',
      ],
    },
  ],
  quotes: [
    '“I don’t finish things,” said {person}. “I stop being allowed to hold them.”',
    '“Anyone can learn {craft}. The trick is to stay for the boring year.”',
    '“We kept the ticket cheap and the chairs hard, so that people come for the right reason.”',
    '“It is not about the past. It is about having hands,” said {person2}.',
  ],
  closings: ['“{work}” is out now, wherever slow things are sold.', 'Doors at {venue} open at seven. Bring a cushion.'],
  creators: [
    ['Margin', 'Books, read with a pencil.'],
    ['Offcut', 'On things made by hand.'],
    ['Row G', 'Cheap seats, long memory.'],
  ],
}
