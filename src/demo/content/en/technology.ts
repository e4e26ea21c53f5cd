import type { Topic } from '../topic.ts'

export const technologyEn: Topic = {
  channel: '科技',
  beat: 'Technology',
  language: 'en',
  keywords: ['device', 'firm'],
  pictures: ['servers', 'chip', 'robot'],
  words: {
    device: ['a doorbell', 'a hearing aid', 'a bus timetable', 'a kitchen scale', 'a library card', 'a parking meter', 'a weather radio'],
    firm: ['Harrow Circuits', 'Plainwell', 'Two Rivers Robotics', 'Larch Computing', 'Anvil Row', 'Northlight'],
  },
  stories: [
    {
      tag: 'Gadgets',
      picture: 'chip',
      titles: [
        '{firm} will sell {device} that you can open with a coin',
        'Four screws, one cupboard: mending in {place}',
        'Dust, a cable, or a switch somebody had painted over',
        'The jar of everything that was glued, on a counter in {place}',
        'By six o’clock most of them are awake again',
        'People send back pictures of {device} they have mended',
      ],
      leads: [
        'The manual is a single sheet, and half of it is a drawing of a coin. {firm} wanted to know what happens when people are allowed to look inside.',
        'On a table in {place} lie {k:30-400} dead gadgets with paper tags. By six o’clock, most of them are awake again.',
      ],
      body: [
        'Three quarters of the faults turned out to be dust, a cable or a switch somebody had painted over. The rest were glue. {person} keeps a jar of what had to be drilled out, and shows it to visiting designers without comment.',
        'The spare parts fit into one cupboard, since everything made after a certain Tuesday uses the same four screws. It was not a grand decision. Someone had ordered too many.',
        'Sales are modest. What surprised the makers is the post: people send back pictures of things they have mended, and a few that they have made worse, with a request for encouragement.',
      ],
    },
    {
      tag: 'Software',
      picture: 'servers',
      titles: [
        'The program that {place} has not dared to restart since 1998',
        'A pause of two seconds that looks like a mistake',
        'Eleven answers differed, and the old machine was right in nine',
        'The author of the tram program grows beans now',
        'Wrong again when raining: a fault report in four words',
        'On a Sunday, behind an unlabelled switch, {place} changed its program',
      ],
      leads: [
        'Nobody at the depot knows what happens if it is switched off. There is a note on the machine in three different hands, and all three say no.',
        'The report was four words long: “wrong again when raining”. {person} put on a coat and went to look.',
      ],
      body: [
        'The author had retired to grow beans, and answered by letter. The trick, it turned out, is a pause of two seconds that looks like a mistake. Four colleagues had removed it over the years. All four had put it back.',
        'They copied everything, then ran both for a season and compared the answers each morning over coffee. They differed eleven times. In nine of those cases the old one was right.',
        'The replacement went live on a Sunday, behind an unlabelled switch. {person} stayed beside it until noon, mostly out of politeness, and then went home by tram.',
      ],
    },
    {
      tag: 'Networks',
      picture: 'servers',
      titles: [
        'How {k:60-900} households in {place} built their own network',
        'One fox, no charge: an invoice from the network of {place}',
        'Two choirs practise over a cable, half a beat apart',
        'Paid in sandwiches: the network that {place} dug itself',
        'The network of {place} looks like a family tree',
        'What a whole valley did with its Wednesdays and a drum of cable',
      ],
      leads: [
        'The offer from the big provider was a date nine years away. So {place} bought a drum of cable, borrowed a digger and asked who was free on Saturday.',
        'At ten every evening the network of {place} drops to the speed of 2001. People voted for it twice.',
      ],
      body: [
        'Trenches were dug where the hedges were thin, which is why the map looks like a family tree. Every house paid with money or with sandwiches. The treasurer says that the sandwiches kept better accounts.',
        'The fault of the winter was found by a dog. A fox had been sleeping against the warm box, and its owner now gets a line on the invoice: one fox, no charge.',
        'What is it good for? {person} thought of films and farming prices. It is mostly used on Wednesdays, when the choir of the upper valley practises with the choir of the lower one, half a beat apart.',
      ],
    },
  ],
  quotes: [
    '“If you cannot see how it stops, you do not own it,” said {person2}.',
    '“Everything is temporary until somebody depends on it.”',
    '“We measured for a year before we changed anything. The measuring was the change.”',
  ],
  closings: [
    '{firm} has put the drawings on a shelf marked “Take one”.',
    'The jar of broken parts is still on the counter. It is nearly full.',
  ],
  creators: [
    ['Solder', 'Takes things apart, keeps the screws.'],
    ['Uptime', 'Machines, and those who watch them.'],
  ],
}
