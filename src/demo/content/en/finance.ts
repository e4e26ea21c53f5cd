import type { Topic } from '../topic.ts'

export const financeEn: Topic = {
  channel: '财经',
  beat: 'Business',
  language: 'en',
  keywords: ['goods', 'company'],
  pictures: ['chart', 'coins', 'harbour'],
  words: {
    goods: ['umbrellas', 'bicycle bells', 'oat biscuits', 'garden twine', 'work boots', 'paper bags', 'reading lamps'],
    company: ['Ferris and Daughter', 'the Lowmere Line', 'Brackwater Mills', 'Salt Row', 'the Orrin Cooperative', 'Pell and Sons'],
  },
  stories: [
    {
      tag: 'Markets',
      picture: 'chart',
      titles: [
        'The price of {goods} fell by a tenth. Here is where it went',
        'A graph, a pencil and the word “probably”',
        'What the customers of {place} saved, a warehouse lost',
        'The drawer that has been right four years out of five',
        '“A trend is what you draw when you have stopped asking”',
        'Two summers of {goods}, bought for one',
      ],
      leads: [
        'On Monday the wholesaler in {place} wrote a new number on the board, and for a minute nobody spoke. {goods} had not been that cheap since {year}.',
        'Every forecast on the desk of {person} ends in the same place: a dotted line, and beside it, in pencil, the word “probably”.',
      ],
      body: [
        'Follow the number backwards and it ends in a warehouse that had bought for two summers and got half of one. What the customer saved, the warehouse lost, and the lorry in between was paid either way.',
        'Economists have a name for it. The shop has a drawer: into it go the coupons, the returned invoices and the note that says when to order next time. The drawer has been right four years out of five.',
        '{person} does not call it a trend. A trend, she says, is what you draw when you have stopped asking the people who were there.',
      ],
    },
    {
      tag: 'Small firms',
      picture: 'coins',
      titles: [
        '{company} has {n:6-40} employees and no manager',
        'How {company} survived its best customer',
        'On Thursdays, standing: how {company} decides',
        'The old machine, paid for long ago, and a very particular green',
        'No growth this year, says {company}, but a new roof',
        'One week in August {company} would like its doors shut',
      ],
      leads: [
        'There used to be a manager at {company}. When he retired, they waited a month to see whether anything would happen.',
        'The letter in the window is two pages long. It begins with the price of flour and ends with an apology, and people stop to read it to the end.',
      ],
      body: [
        'Decisions are taken on Thursdays, standing, and nobody may leave until the slowest person agrees. It has made them quick. In the first year the meetings took three hours; now the kettle hardly boils.',
        'The order that nearly ended them was the largest they had ever had. They hired, bought a second machine, and then the customer changed its colour. What saved the firm was the old machine, paid for long ago, and a neighbour who needed exactly that green.',
        'Growth is not on the list this year. {person} would like a new roof, two apprentices, and one week in August with the doors shut.',
      ],
    },
    {
      tag: 'Trade',
      picture: 'harbour',
      titles: [
        'One container, {n:9-34} stamps: the journey of {goods}',
        'The harbour of {place} learns to wait',
        'Captains take a number in {place}, like at the butcher’s',
        'A clock on which most of the hours are white',
        'Nothing has become faster, and everyone sleeps at home',
        'From the tower of {place} you can count the ships that do nothing',
      ],
      leads: [
        'The container left on a Tuesday, sealed and in a good mood. It came back to {place} {n:9-34} stamps later, with two of its boxes swapped for somebody else’s.',
        'From the tower above the harbour you can count the ships that are doing nothing. This week there are {k:6-28}.',
      ],
      body: [
        'Each stamp costs little. It is the waiting between them that adds up: a day for the ink, a night for the tide, a long weekend because two holidays touched. {person} has drawn it as a clock on which most of the hours are white.',
        'Captains were sceptical about arriving on time rather than first. The first summer they were given a number, like at the butcher’s, and slowed down at sea. They burned a fifth less and shouted a great deal less.',
        'Nothing has become faster. But the goods are dry, the drivers sleep at home, and the tower has put its binoculars away for the first time in years.',
      ],
    },
  ],
  quotes: [
    '“Cash is an opinion that somebody else has to share,” said {person2}.',
    '“We do not have a strategy. We have a calendar and a good memory.”',
    '“The cheapest thing in the shop is the question.”',
  ],
  closings: [
    'The board in {place} has a new number. Somebody has drawn a small umbrella beside it.',
    '{company} publishes its figures in spring, on paper, at the counter.',
  ],
  creators: [
    ['Ledger', 'Business, with the receipts.'],
    ['Tally', 'Small sums that add up.'],
  ],
}
