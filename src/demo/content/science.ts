import type { Topic } from './topic.ts'

export const science: Topic = {
  channel: 'Science',
  language: 'en',
  keywords: ['subject', 'tool'],
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
      titles: [
        'What {subject} can tell us about the next {n:20-90} years',
        'A {y:12-40}-year study of {subject} changes its mind',
        'Scientists at {lab} listened to {subject}. This is what they heard',
      ],
      leads: [
        'For {y:12-40} years the team at {lab} believed they understood {subject}. Last month they published a paper that begins with the words “We were wrong”.',
        'It started with {tool} and a free weekend. Now {lab} has the longest record of {subject} in the region.',
      ],
    },
    {
      tag: 'Nature',
      titles: [
        'The secret life of {subject} near {place}',
        '{n:40-700} volunteers counted {subject}. The total was a surprise',
        'Why {subject} are turning up in {place}',
      ],
      leads: [
        'Just before dawn, {n:40-700} volunteers spread out around {place} with pencils on strings. They were there to count {subject}, and they had been asked not to hurry.',
        'Nobody expected {subject} in {place}, least of all {person}, who was looking for a lost glove.',
      ],
    },
    {
      tag: 'Space',
      titles: [
        'A signal from {n:12-90} light years away, and a cup of cold tea',
        '{lab} finds a moon where none should be',
        'The night {place} switched off its lights',
      ],
      leads: [
        'At 3.40 in the morning the line on the screen at {lab} rose, fell and rose again. {person} let the tea go cold.',
        'For one night {place} switched everything off. From the hill, {m:300-4000} people saw what their grandparents used to see.',
      ],
    },
    {
      tag: 'Health science',
      titles: [
        'A small trial at {lab}, and careful hope for the ageing brain',
        'What {n:1200-9000} notebooks say about sleep',
        'The placebo that told {n:1200-9000} people the truth',
      ],
      leads: [
        'The trial was small, the effect modest and the statistics clean, a combination that made reviewers at {lab} sit up.',
        'Every morning for a year, {n:1200-9000} people wrote one line about their night. Reading them took {lab} longer than collecting them.',
      ],
    },
    {
      tag: 'Tools',
      titles: [
        'Built for {n:15-90} dollars: {tool} that watches {subject}',
        'How {tool} opened a new window on {subject}',
        'The lab that shares everything, including its failures',
      ],
      leads: [
        'The parts cost {n:15-90} dollars and fit in a lunch box. With it, {person} has recorded more {subject} than the expedition of {y:2-9} years ago.',
        'On the shelf at {lab} stands a binder labelled “Did not work”. It is the most borrowed item in the building.',
      ],
    },
    {
      tag: 'Oceans',
      titles: [
        'Under {place}, a forest nobody had mapped',
        '{n:8-60} days at sea with people who study {subject}',
        'The quietest {k:3-30} miles of ocean',
      ],
      leads: [
        'The chart showed mud. The camera showed a forest, {k:3-30} miles of it, swaying under the ferries of {place}.',
        'For {n:8-60} days the ship from {lab} went wherever {subject} went, which was mostly away.',
      ],
    },
  ],
  sentences: [
    'The effect was strongest in the first {w:3-20} weeks, then levelled off.',
    'The data are open, and two other groups have already found an error in the appendix.',
    '{lab} ran the analysis {k:3-14} times before anyone was allowed to be excited.',
    'A sample of {s:24-480} is enough to ask a question, not to answer one.',
    'The instrument, {tool}, was calibrated against a method from 1911.',
    'What looked like noise turned out to have a period of {d:9-41} hours.',
    'Correlation is cheap; the next experiment is meant to be expensive.',
    'Reviewers asked for one more winter of measurements, and got it.',
    'The model explains about {g:31-78} per cent of the variation, which its authors call a beginning.',
    'Not everyone is convinced, and the most useful letters came from those who are not.',
    'Field notes from {place} mention the same pattern {y:30-90} years earlier.',
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
