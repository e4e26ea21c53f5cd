import type { Topic } from '../topic.ts'

export const carsEn: Topic = {
  channel: '汽车',
  beat: 'Cars',
  language: 'en',
  keywords: ['model', 'part'],
  pictures: ['car', 'road'],
  words: {
    model: ['the Arden 4', 'the Pelican', 'the Merle Estate', 'the Corvid', 'the Lowmere Van', 'the Vesper Two'],
    part: ['the gearbox', 'the heater', 'the left mirror', 'the horn', 'the charging flap', 'the hand brake'],
  },
  stories: [
    {
      tag: 'Road tests',
      picture: 'car',
      titles: [
        '{model}: a week, {k:300-1400} miles and one argument about {part}',
        'It steers like a rowing boat: {model}',
        'Four knobs for people with gloves: {model}',
        'We gave {model} back a day late',
        'Somebody at the factory of {model} has been cold',
        '{model}, up the hill behind {place}, in the rain',
      ],
      leads: [
        'On paper there is nothing to say about {model}. On the hill behind {place}, in the rain, with three passengers, there is rather a lot.',
        'The argument about {part} began at the second junction and lasted {k:300-1400} miles. Both of us still think we won.',
      ],
      body: [
        'It steers like a rowing boat, which is to say that it goes where you looked a moment ago. After a day you look further ahead, and begin to wonder why other cars are in such a hurry.',
        'The screen has been kept small, and there are four knobs for the things one does with gloves on. Somebody at the factory must have been cold once, and remembered.',
        'It is not quick, and it is not cheap to insure. We gave the key back a day late.',
      ],
    },
    {
      tag: 'Electric',
      picture: 'car',
      titles: [
        'What {y:6-11} winters did to the battery of a post van',
        'Queueing for current: one night at the chargers of {place}',
        'Charging at the kerb: {place} borrows its lamp posts',
        'The range was {n:120-290} miles. Then it snowed',
        'In the workshops of {place} the oil stains are fading',
        'Two electricians, one lawyer and a row of lamp posts',
      ],
      leads: [
        'At two in the morning there are {k:5-14} cars and one working cable. Somebody has put out folding chairs.',
        'The display promised {n:120-290} miles. Then it snowed on the pass above {place}, and the display became philosophical.',
      ],
      body: [
        'After all those winters the van has lost about an eighth of its range, most of it in the first. The fleet manager had expected worse and had bought a spare, which now runs the cold store.',
        'In the workshop the oil stains are fading. {person} misses the sound, and admits that it was mostly the sound of things wearing out. The insulated gloves hang where the oil can used to.',
        'The lamp posts were there, with a cable in each, off all day. It took two electricians and one lawyer. The lawyer took longer.',
      ],
    },
    {
      tag: 'Old cars',
      picture: 'road',
      titles: [
        'Found in a barn near {place}: {model}, and a family of owls',
        'They own {model}. It does not run. They have a club',
        'Polishers and drivers at one long table',
        'She machines {part} for cars that nobody makes',
        'The guidebook marks the place with a small kettle',
        'Never quite straight: drawing {part} again after forty years',
      ],
      leads: [
        'The owls had the back seat. {person} waited until they had fledged, and only then pulled {model} out into the light.',
        'Of the {k:26-90} members of the club, four own a car that starts. They are not on the committee.',
      ],
      body: [
        'There are two schools. One polishes, the other drives. They meet once a year at a long table, where the polishers complain about the mud and the drivers about the rope around the exhibits.',
        'A part that has not been made for forty years can be drawn, cast and turned in about a week. The drawing takes five days of it, because the original was never quite straight, and that has to be kept.',
        'On the hill it boils, as it always did. You stop, open the bonnet and look at the view. The old guidebook marks the place with a small kettle.',
      ],
    },
  ],
  quotes: [
    '“A car is a room with a weak spot for gravity,” said {person2}.',
    '“If it rattles, it is still attached.”',
    '“I have never been passed by anybody who got there before me.”',
  ],
  closings: [
    '{model} can be seen on Sunday in the yard behind the chapel. Do not mention {part}.',
    'The folding chairs are still beside the chargers. Nobody has claimed them.',
  ],
  creators: [
    ['Idle', 'Engines off, windows down.'],
    ['Torque', 'Oil under the nails.'],
  ],
}
