import type { Topic } from '../topic.ts'

export const entertainmentEn: Topic = {
  channel: '娱乐',
  beat: 'Film and TV',
  language: 'en',
  keywords: ['show', 'role'],
  pictures: ['screen', 'stage', 'record'],
  words: {
    show: ['The Night Ferry', 'Upstairs at Pell’s', 'Small Weather', 'The Understudy', 'Salt and String', 'Nobody’s Tuesday'],
    role: ['a lighthouse keeper', 'a retired spy', 'a piano tuner', 'the third policeman', 'a ghost with a grievance', 'the wrong twin'],
  },
  stories: [
    {
      tag: 'Series',
      picture: 'screen',
      titles: [
        '“{show}” ends after {n:3-9} seasons, and the kettle goes cold',
        'Eleven endings of “{show}”, and nine that fell off the wall',
        'The last word on “{show}” was the editor’s mother’s',
        'Everyone in {place} thinks “{show}” is about them',
        'In “{show}” nobody explains, and a door is left open',
        'There will be no second “{show}”',
      ],
      leads: [
        'The last shot of “{show}” is a cup. It stands on a table for forty seconds, and in {k:20-700} thousand living rooms nobody reached for the remote.',
        'It began as a rumour in the bakery of {place}: the postmistress in “{show}” has exactly the same coat.',
      ],
      body: [
        'There were eleven endings on cards, pinned above a radiator. Nine fell off over the winter. The two that were left contradicted each other, so they filmed both and let the editor’s mother decide.',
        'What makes it work is how little anyone explains. A bill is paid, a door is left open, and three episodes later you understand who has been sleeping in the shed.',
        'A sequel has been offered, and declined by return of post. {person} would rather be missed, she says, than explained.',
      ],
    },
    {
      tag: 'Actors',
      picture: 'stage',
      titles: [
        '{person} plays {role}, and will not say a word about it',
        'They lowered the shelves for {role}',
        'A notebook, a pair of shoes and a bus: preparing {role}',
        'The autograph was for the dog: {person} on being known',
        'You have heard {person} before, and never seen that face',
        'A study in unease, by way of carpentry',
      ],
      leads: [
        'For {role}, {person} learned to tune, to limp and to be quiet in two languages. The last was the hardest, and takes up most of the film.',
        'You have heard {person} announce trains, sell marmalade and read the news of two wars. You have never seen that face.',
      ],
      body: [
        'The part was written for somebody taller. Instead of changing the lines they lowered the shelves, and it is the shelves that critics now call “a study in unease”.',
        'Preparation is a grand word for what happens. There is a notebook, a pair of shoes, and a bus on which to listen. On the first day of filming the notebook is given away.',
        'Asked about fame, {person} tells of a boy who wanted an autograph, looked at it for a while, and asked whether it could be made out to the dog.',
      ],
    },
    {
      tag: 'Shows',
      picture: 'record',
      titles: [
        'The smallest theatre in {place} seats {n:9-40}, and sells {n}',
        'Was the sea cold? Children ask after “{show}”',
        'First the fuse, then the telephone, then the beard',
        'The storm in “{show}” is played by the accountant',
        'A theatre in {place} breaks even, by two cakes',
        'A door, a lamp and a painted sea: “{show}” on tour',
      ],
      leads: [
        'There is room for {n:9-40}. If you are late, you are on the stage, and have been written in.',
        'The scenery of “{show}” came by van, and so did the villain. In {place} they had put out {m:9-90} chairs and left the door on the latch.',
      ],
      body: [
        'The scenery fits into a van, because it has to. A door that leads nowhere, a lamp, a painted sea that rolls up like a blind. Children ask afterwards whether the sea was cold.',
        'Things go wrong in a settled order. First the fuse, then the telephone, then the leading man’s beard. The prompter has a line for each, and the audience have come to wait for them.',
        'The accounts are kept by {person}, who also plays the storm. Last year they broke even, by an amount that bought two cakes.',
      ],
    },
  ],
  quotes: [
    '“You cannot act a silence. You can only stop,” said {person2}.',
    '“A joke is a promise with a short deadline.”',
    '“If the audience look at the props, look at the props yourself.”',
  ],
  closings: ['“{show}” is on again from Thursday, later than it should be.', 'Tickets are sold at the door, by the villain.'],
  creators: [
    ['Matinee', 'Afternoons in the dark.'],
    ['Cue', 'What happens just before.'],
  ],
}
