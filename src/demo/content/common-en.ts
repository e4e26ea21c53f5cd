// Words and sentences that every English channel shares. Places and people are invented: nothing here happened anywhere.

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
  season: ['this spring', 'since early summer', 'over the autumn', 'this winter', 'in the past quarter', 'over the last six months'],
  crowd: ['Residents', 'Students', 'Night-shift workers', 'Young parents', 'Retired teachers', 'Weekend visitors', 'Local shopkeepers'],
}

export const sentencesEn = [
  '{crowd} we spoke to were curious, cautious and rarely of one mind.',
  'Something similar has been running in {place2} for {y:2-9} years, with mistakes worth learning from.',
  'Enquiries have risen by about {p:12-68} per cent {season}.',
  'Critics point out that the money is spent now and the benefit arrives later, if it arrives.',
  '{person2} keeps a handwritten list of everything that went wrong, and reads from it at meetings.',
  'A survey of {m:800-9600} people found that most would rather wait and see.',
  'There was no ribbon and no speech, just a long table and a lot of tea.',
  'The hard part, as usual, turned out to be the part nobody had drawn on the plan.',
  'Seen over a decade, the change looks less like a jump and more like a slow tide.',
  'Volunteers counted {v:120-860} visitors on the busiest day.',
  'Nobody involved would call it finished.',
  'The numbers are small, but they point the same way every month.',
  'In {place}, the idea is discussed at bus stops, which is usually a good sign.',
]

export const headingsEn = [
  'How it began',
  'What the numbers say',
  'Voices from the ground',
  'The difficult part',
  'What happens next',
  'A second look',
  'Why now',
  'In detail',
]

export const closingsEn = [
  'What comes next is still being argued over in {place}. Nobody is arguing for going back.',
  'When we left, the lights were still on. “Same again tomorrow,” said {person}.',
  'The answer may take years to become clear, but the first step has been taken.',
  'We will keep following this story, and would like to hear what you make of it.',
]

export const captionsEn = ['Illustration', 'Drawn from our notes', 'A sketch of the scene', 'Drawing by the newsroom']
