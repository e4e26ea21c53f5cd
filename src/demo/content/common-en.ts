// Words, closings and captions that every English channel shares. Places and people are invented: nothing here happened anywhere.

import type { Words } from './topic.ts'

export const wordsEn: Words = {
  place: [
    'Port Ellery',
    'Marlow Bay',
    'Tarn Hollow',
    'Easterby',
    'Calder Point',
    'Vellmark',
    'Orrin Falls',
    'Saint Averil',
    'Lowmere',
    'Quillan',
  ],
  person: [
    'Ines Holloway',
    'Tobias Wren',
    'Mara Lindqvist',
    'Oskar Penhale',
    'Priya Ashdown',
    'Juno Farrow',
    'Elias Thorne',
    'Noor Castell',
    'Wim Aldergate',
  ],
  year: ['1926', '1938', '1949', '1958', '1963', '1971', '1984', '1991'],
  season: ['this spring', 'since early summer', 'over the autumn', 'this winter', 'in the past quarter', 'over the last six months'],
  crowd: ['Residents', 'Students', 'Night-shift workers', 'Young parents', 'Retired teachers', 'Weekend visitors', 'Local shopkeepers'],
}

export const closingsEn = [
  'What comes next is still being argued over in {place}. Nobody is arguing for going back.',
  'When we left, the lights were still on. “Same again tomorrow,” said {person}.',
  'The answer may take years to become clear, but the first step has been taken.',
  'We will keep following this story, and would like to hear what you make of it.',
]

export const captionsEn = ['Illustration', 'Drawn from our notes', 'A sketch of the scene', 'Drawing by the newsroom']
