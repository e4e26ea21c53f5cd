import type { Topic } from './topic.ts'

export const culture: Topic = {
  channel: 'Culture',
  language: 'en',
  keywords: ['craft', 'work'],
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
      titles: [
        '“{work}” took {y:6-21} years. It was worth the wait',
        'Review: “{work}” is a novel with the windows open',
        'Why everyone in {place} is reading “{work}”',
      ],
      leads: [
        '{person} wrote “{work}” between {n:4-6} and seven every morning for {y:6-21} years. You can hear the birds in it.',
        'In {place} the waiting list for “{work}” is {m:90-800} names long. The library has bought four more copies and a bell.',
      ],
    },
    {
      tag: 'Design',
      titles: [
        'The quiet return of {craft}',
        '{n:4-12} rules of {craft}, and when to break them',
        'A chair, a lamp and {y:3-15} years of {craft}',
      ],
      leads: [
        'There were {n:4-12} rules pinned above the bench. {person} has broken all of them, always for the same reason: the thing asked for it.',
        'It was meant to be dead. Instead, {craft} has a waiting list in {place}, and the average student is {k:19-34}.',
      ],
    },
    {
      tag: 'Film',
      titles: [
        '“{work}” was filmed in {n:9-50} days with one lens',
        'In {venue}, a film club refuses to close',
        'Watching “{work}” with the person who mended its sound',
      ],
      leads: [
        'One lens, {n:9-50} days, no rain insurance. “{work}” looks as if somebody had opened a window in a wall you knew well.',
        'On Thursdays, {venue} fills with {k:30-120} people who have agreed not to talk until the kettle boils.',
      ],
    },
    {
      tag: 'Music',
      titles: [
        'The choir of {place} sings for {n:9-60} listeners and a dog',
        '“{work}”: an album made in {venue}',
        'How {craft} found its way back to {place}',
      ],
      leads: [
        'The album was recorded in {venue}, between deliveries. If you listen closely, track {k:3-9} has a van in it.',
        '{n:9-60} chairs were put out in {venue}. By half past seven people were sitting on the stairs, and the dog had the good seat.',
      ],
    },
    {
      tag: 'Makers',
      titles: [
        '{person} has made {m:300-7000} of these, and still dislikes the first',
        'Learning {craft} from someone who will not hurry',
        'Inside {venue}, where {craft} is taught for free',
      ],
      leads: [
        'The first one stands on a high shelf, facing the wall. {person} has made {m:300-7000} since then, and says it is getting easier to look.',
        'Lessons in {craft} take place in {venue}. They cost nothing, and you are expected to sweep.',
      ],
    },
    {
      tag: 'Games',
      titles: [
        'A board game about {craft} that ends in conversation',
        '{n:2-9} friends, {y:3-12} years, one very slow game',
        '“{work}” is the puzzle {place} cannot put down',
      ],
      leads: [
        '{n:2-9} friends have played the same game for {y:3-12} years. It is about {craft}, and nobody is winning.',
        '“{work}” comes in a plain box with no instructions. In {place}, people have begun to leave each other hints.',
      ],
    },
  ],
  sentences: [
    'The first edition of {k:200-1500} sold out in {w:2-9} weeks, mostly by hand.',
    'It is funny in the way that honest things are funny.',
    'The second act sags a little, then forgives itself.',
    'Paper was bought by weight and cut on a machine from {place2}.',
    'There is a mistake on page {g:12-240}, and the author has asked that it stay.',
    'You notice the silence first, and only later who is keeping it.',
    'Entry is {e:2-15} coins, or a cake of similar value.',
    'The exhibition runs to {q:20-90} objects, none of them behind glass.',
    'A critic in {place} walked out, came back and apologised to the usher.',
    'What stays with you is the light, which nobody arranged.',
    'Translations into {c:3-11} languages are under way, one of them by the author’s sister.',
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
