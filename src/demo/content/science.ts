import type { Topic } from './topic.ts'

export const science: Topic = {
  channel: 'Science',
  language: 'en',
  keywords: ['subject', 'tool'],
  pictures: ['telescope', 'reef', 'orbits'],
  words: {
    subject: [
      'glaciers',
      'honeybees',
      'deep-sea corals',
      'mosses',
      'soil microbes',
      'migrating birds',
      'seabirds',
      'lichens',
      'tides',
      'meteors',
      'volcanoes',
      'octopuses',
    ],
    tool: [
      'a radio telescope',
      'a borrowed drone',
      'a cheap microscope',
      'an underwater microphone',
      'a weather balloon',
      'a supercomputer',
      'a shoebox sensor',
    ],
    lab: [
      'the Tarn Institute',
      'Calder Point Observatory',
      'the Vellmark Marine Station',
      'the University of Easterby',
      'the Orrin Field School',
    ],
  },
  stories: [
    {
      tag: 'Research',
      picture: 'telescope',
      titles: [
        'What {subject} can tell us about the next {n:20-90} years',
        'A {y:12-40}-year study of {subject} changes its mind',
        'Scientists at {lab} listened to {subject}. This is what they heard',
        'A student at {lab} entered the data upside down',
        'Forty swollen notebooks, read aloud at {lab}',
        'A narrower set of surprises about {subject}',
      ],
      leads: [
        'For {y:12-40} years the team at {lab} believed they understood {subject}. Last month they published a paper that begins with the words “We were wrong”.',
        'It started with {tool} and a free weekend. Now {lab} has the longest record of {subject} in the region.',
      ],
      body: [
        'The change of mind began with a student who entered the data upside down. The curve looked wrong, and then, on the third evening, it looked better. Nobody has yet found the courage to tell her it was luck.',
        'To check, the team went back to the boxes. Forty field books, some of them swollen with rain, were read aloud in pairs, one voice for the numbers and one for the doubts in the margin.',
        'What follows is not a forecast. {person} prefers to call it a narrower set of surprises. The data are public, and so is the list of {k:4-12} things the group would do differently.',
      ],
    },
    {
      tag: 'Nature',
      picture: 'reef',
      titles: [
        'The secret life of {subject} near {place}',
        '{n:40-700} volunteers counted {subject}. The total was a surprise',
        'Why {subject} are turning up in {place}',
        'Look for two minutes, write for one: counting {subject}',
        'A hedge that a farmer near {place} forgot to cut',
        '{person} asks {place} to go on forgetting',
      ],
      leads: [
        'Just before dawn, {n:40-700} volunteers spread out around {place} with pencils on strings. They were there to count {subject}, and they had been asked not to hurry.',
        'Nobody expected {subject} in {place}, least of all {person}, who was looking for a lost glove.',
      ],
      body: [
        'Counting sounds dull until something moves. The rule is to look for two minutes, write for one, and never to write what you hoped to see. Beginners are paired with somebody who has been wrong for longer.',
        'The total was checked three ways, and all three agreed to within a handful. Warmer nights explain part of it. A hedge that a farmer forgot to cut explains rather more.',
        '{person} has asked the council to go on forgetting. It costs nothing, and it is the first conservation measure in the district that everybody has been able to keep.',
      ],
    },
    {
      tag: 'Space',
      picture: 'telescope',
      titles: [
        'A signal from {n:12-90} light years away, and a cup of cold tea',
        '{lab} finds a moon where none should be',
        'The night {place} switched off its lights',
        'At {lab} they suspected the microwave oven first',
        '{n:9-80} days until {place} knows',
        'The largest instrument at {lab} is waiting',
      ],
      leads: [
        'At 3.40 in the morning the line on the screen at {lab} rose, fell and rose again. {person} let the tea go cold.',
        'For one night {place} switched everything off. From the hill, {m:300-4000} people saw what their grandparents used to see.',
      ],
      body: [
        'First they suspected the microwave oven, as one always does. Then a satellite, then each other. By noon two other observatories had seen it, and somebody finally remembered to open the curtains.',
        'It is probably a star behaving as stars do. Even so, the group has written to everyone with a dish and a clear sky, and the answers are pinned above the kettle in the order of their politeness.',
        'What is left is the waiting, which {person} calls the largest instrument in the building. If it returns, it will be in {k:9-80} days, a little before breakfast.',
      ],
    },
    {
      tag: 'Health science',
      picture: 'orbits',
      titles: [
        'A small trial at {lab}, and careful hope for the ageing brain',
        'What {n:1200-9000} notebooks say about sleep',
        'The placebo that told {n:1200-9000} people the truth',
        'A trial at {lab} that promised little, and kept people',
        'One line a day, sent in although nobody asks',
        'Where {person} put the word hope',
      ],
      leads: [
        'The trial was small, the effect modest and the statistics clean, a combination that made reviewers at {lab} sit up.',
        'Every morning for a year, {n:1200-9000} people wrote one line about their night. Reading them took {lab} longer than collecting them.',
      ],
      body: [
        'The trick was to promise little. People were told what was in the capsule, what it could not do and when they could stop. Fewer left than in any study the statisticians could remember.',
        'The gains are small and they fade. What did not fade was the habit of writing things down: a year later half of the participants still keep a line a day, and send it in although nobody asks.',
        '{person} is careful with the word hope. In the paper it appears once, in a footnote, next to the error bars.',
      ],
    },
    {
      tag: 'Tools',
      picture: 'orbits',
      titles: [
        'Built for {n:15-90} dollars: {tool} that watches {subject}',
        'How {tool} opened a new window on {subject}',
        'The lab that shares everything, including its failures',
        'Tape, a freezer bag and no switch: listening to {subject}',
        'A sensor for {subject}, built into a teapot',
        'Ninety passable instruments tell {lab} what is normal',
      ],
      leads: [
        'The parts cost {n:15-90} dollars and fit in a lunch box. With it, {person} has recorded more {subject} than the expedition of {y:2-9} years ago.',
        'On the shelf at {lab} stands a binder labelled “Did not work”. It is the most borrowed item in the building.',
      ],
      body: [
        'There is tape on it, and a freezer bag. What makes it clever is what it leaves out: no screen, no switch, nothing that a fox could press. It wakes once an hour, listens and goes back to sleep.',
        'Plans, mistakes and shopping list are free to copy. Versions have come back from {k:6-30} countries, one of them built into a teapot, which turned out to be waterproof.',
        'Precision is not the point, says {person}. One perfect instrument tells you about one place. Ninety passable ones tell you what is normal, and only then can you notice what is not.',
      ],
    },
    {
      tag: 'Oceans',
      picture: 'reef',
      titles: [
        'Under {place}, a forest nobody had mapped',
        '{n:8-60} days at sea with people who study {subject}',
        'The quietest {k:3-30} miles of ocean',
        'From ten to two, the ship from {lab} is silent',
        'A fisherman handed in the camera, film intact',
        'The ferries of {place} slow down for {subject}',
      ],
      leads: [
        'The chart showed mud. The camera showed a forest, {k:3-30} miles of it, swaying under the ferries of {place}.',
        'For {n:8-60} days the ship from {lab} went wherever {subject} went, which was mostly away.',
      ],
      body: [
        'The ship keeps silent hours. From ten to two no tool is dropped and no engine hums, and the crew speak by hand. In that quiet the hydrophones pick up a clicking that nobody has yet put a name to.',
        'Charts are wrong in an honest way: they show where someone last looked. The new survey took {k:20-90} dives and one lost camera, which was handed in by a fisherman with the film intact.',
        'The forest will be mapped again in spring. Until then the ferries have agreed to pass a little slower, for reasons the timetable gives as “neighbours”.',
      ],
    },
  ],
  quotes: [
    '“A good result is one that still annoys you on Monday,” said {person}.',
    '“We did not discover it. We finally stopped ignoring it.”',
    '“We write about {subject}. They do not read it, so they keep surprising us.”',
    '“The best instrument we have is patience, and the grant does not cover it,” said {person2}.',
  ],
  closings: [
    'The next measurements begin in spring. Volunteers who can hold a pencil in the rain are welcome.',
    'Until then the data from {lab} are public, and so are the doubts.',
  ],
  creators: [
    ['Petri', 'Small science, carefully told.'],
    ['Nocturn', 'Astronomy for people who fall asleep early.'],
    ['Tidal', 'Notes from the edge of the water.'],
  ],
}
