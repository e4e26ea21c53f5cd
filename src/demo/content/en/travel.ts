import type { Topic } from '../topic.ts'

export const travelEn: Topic = {
  channel: '旅行',
  beat: 'Travel',
  language: 'en',
  keywords: ['sight', 'way'],
  pictures: ['train', 'road', 'tent', 'harbour'],
  words: {
    sight: ['the salt stairs', 'the drowned chapel', 'the beech tunnel', 'the chain bridge', 'the inland lighthouse', 'the blue quarry'],
    way: ['by slow train', 'on foot', 'by post bus', 'with a folding bicycle', 'by river boat', 'on the night ferry'],
  },
  stories: [
    {
      tag: 'Routes',
      picture: 'train',
      titles: [
        'To {place} {way}, and why the long way is shorter',
        'A timetable with a hole in it: {n:3-9} hours in {place}',
        'He brought a chair onto the train, and nobody asked',
        'A kettle with chairs, where the line ends',
        '{sight}, reached {way} and from the wrong side',
        'What people leave on trains, read aloud near {place}',
      ],
      leads: [
        'The express takes forty minutes. {way}, it takes most of the day, and you arrive having met everybody.',
        'The connection was missed by the width of a closing door, which is how I came to spend {n:3-9} hours in {place}.',
      ],
      body: [
        'Past the third bridge the carriage empties of briefcases and fills with rope. Somebody brings a chair and sits on it beside the perfectly good seats. Nobody asks.',
        'There is a café where the line ends, or rather a kettle with chairs. The woman who runs it keeps a list of what people have left on trains, and reads from it if you look as if you could use it.',
        'I had meant to see {sight}. I saw it, eventually, from the wrong side, at the hour when the light comes through. The postcards are all taken from the front.',
      ],
    },
    {
      tag: 'Places',
      picture: 'road',
      titles: [
        'What remains of the season in {place}',
        'In {place} you walk to the end of the mole, and back',
        'Ring, and the museum of {place} comes in from the garden',
        'The evening the power failed in {place}',
        '{place} in November, with soup',
        'A guide to {place} for people who dislike guides',
      ],
      leads: [
        'For a summer the signs to {sight} pointed to the bakery instead. It was a protest, and it was also, everyone agrees, good for bread.',
        'In November {place} takes its deck chairs in and becomes itself. That is the time to go.',
      ],
      body: [
        'There is little to do, and it is done thoroughly. In the morning you walk to the end of the mole; in the afternoon you walk back. In between there is soup.',
        'The museum opens if you ring. {person} comes from the garden with wet hands, switches on one room at a time, and tells you which labels are wrong.',
        'On the last evening the power failed and people brought their lamps out. Nobody had planned it, and nobody went in. I wrote down the date, to know when to come back.',
      ],
    },
    {
      tag: 'Walking',
      picture: 'tent',
      titles: [
        '{k:30-240} miles with a borrowed rucksack',
        'Orange peel means an hour: how to read a path',
        'The hut above {place} has a visitors’ book and no door',
        'An apple for your other hand',
        'Everything I posted home on the way to {sight}',
        'Fog, and the kindness of an arrow on a milk can',
      ],
      leads: [
        'The arrow was painted on a milk can, and it was the only thing in that fog with an opinion. I followed it.',
        'By the second day I had posted home the stove, the good trousers and half of a novel.',
      ],
      body: [
        'You learn to read the path by what others have dropped: orange peel means an hour, a glove means yesterday. At a gate there was a bag of apples with a note, “for your other hand”.',
        'The hut is four walls and a visitors’ book. People have written what they saw, and below it, later, what they had come for. The two seldom agree.',
        'In the morning the fog lay below like a lake with islands. I could see the whole way back. It looked easy, as it always does from there.',
      ],
    },
  ],
  quotes: [
    '“Lost is when you mind,” said {person2}, who has been both.',
    '“We do not recommend the view. We recommend the bench.”',
    '“If you come twice you are a visitor. After that you are on the rota.”',
  ],
  closings: ['{sight} is open from Easter, or when the path is dry.', 'The return ticket is still in my coat. I have not quite used it.'],
  creators: [
    ['Branch', 'Small lines, long afternoons.'],
    ['Cairn', 'Walks, and gets lost properly.'],
  ],
}
