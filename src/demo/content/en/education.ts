import type { Topic } from '../topic.ts'

export const educationEn: Topic = {
  channel: '教育',
  beat: 'Education',
  language: 'en',
  keywords: ['subject', 'school'],
  pictures: ['blackboard', 'books', 'telescope'],
  words: {
    subject: ['fractions', 'handwriting', 'map reading', 'Latin', 'chemistry', 'debating', 'the violin'],
    school: ['Tarn Lane School', 'Saint Averil’s', 'the Harbour College', 'Quillan Primary', 'the evening school of Lowmere'],
  },
  stories: [
    {
      tag: 'Classrooms',
      picture: 'blackboard',
      titles: [
        '{school} has moved its lessons to the corridor, and marks went up',
        'How {person} teaches fractions with a loaf of bread',
        'A corridor has no front',
        'The rules of the class are two: ask, then wait',
        'Inspectors were uneasy about the crumbs at {school}',
        'The quiet ones at {school} were quiet only when seated',
      ],
      leads: [
        'It began with a leak in the roof of {school}. The lesson went out into the corridor, and did not want to come back.',
        'The rules of the class hang beside the door. The first is “ask”. The second is “then wait”.',
      ],
      body: [
        'A corridor has no front. The teacher walks up and down, and so, after a while, do the pupils. The quiet ones are found to be quiet only when seated.',
        'Cut in eighths, a loaf explains itself; buttered, it is remembered. The following week they did the same with a length of rope, and somebody’s uncle came in to show what a third of a knot is.',
        'Inspectors have been twice. They liked the marks and were uneasy about the crumbs. {person} has bought a second broom.',
      ],
    },
    {
      tag: 'Parents',
      picture: 'books',
      titles: [
        'Homework for parents: sit down, say nothing, {n:10-25} minutes',
        'She draws a small house. Then she does the sum',
        'Why the library of {place} lends out grandparents',
        'One boy, one grandfather, two winters',
        'I had been interrupting the house for years',
        'Who washed the ink off? Children borrow the old of {place}',
      ],
      leads: [
        'The teacher’s advice was one line long: sit beside them for {n:10-25} minutes and do not help.',
        'On Thursdays the library of {place} lends out grandparents, for an hour, with a chair. There is a queue.',
      ],
      body: [
        'The first evening was unbearable. By the fourth I had begun to see what she does when she is stuck: she draws a small house. Then she does the sum. I had been interrupting the house for years.',
        'What they want to hear about is the cold, the long way to school, and the teacher with the cane; what they ask is who washed the ink off. One boy has been reading the same grandfather for two winters, and says he is not half through.',
        'It is too early for results, and perhaps there will not be any. The lamp is on, somebody is there, and the sum comes out at the end or it does not.',
      ],
    },
    {
      tag: 'Learning',
      picture: 'telescope',
      titles: [
        'Evening class: {subject}, a thermos and {n:6-19} strangers',
        'A postcard three weeks later, with a goat on it',
        'A good mistake stays on the board at {school}',
        'Most people never collect their certificate from {school}',
        'Learning {subject} from a letter, one stamp at a time',
        'Half of it is gone within a day, unless someone asks',
      ],
      leads: [
        'There are {n:6-19} of them, and none has to be here. That, says {person}, is the entire method.',
        'The course comes by post, a page a week. You write in the margin and send it back, and the margin answers.',
      ],
      body: [
        'Half of what is learned is gone within a day, unless someone asks. So she asks: at the start, at the end, and again on a postcard three weeks later, with a picture of a goat.',
        'In the break they compare mistakes. A good one is written on the board and stays there until somebody can say what it would have been the right answer to.',
        'The certificate is a plain sheet. Most people never collect theirs. They come back in September, for something they know even less about.',
      ],
    },
  ],
  quotes: [
    '“I don’t raise my voice. I lower it, and they lean in,” said {person2}.',
    '“A question is homework for the teacher.”',
    '“You can’t be bad at it yet. You have only been doing it for an hour.”',
  ],
  closings: ['Enrolment at {school} is open until the chairs run out.', 'The loaf was eaten. The fraction was correct.'],
  creators: [
    ['Chalk', 'Taught for years, still asking.'],
    ['Recess', 'What happens between lessons.'],
  ],
}
