import type { Topic } from '../topic.ts'

export const healthEn: Topic = {
  channel: '健康',
  beat: 'Health',
  language: 'en',
  keywords: ['habit', 'trouble'],
  pictures: ['pulse', 'bed', 'leaves'],
  words: {
    habit: ['an afternoon nap', 'a walk after supper', 'cold water', 'ten minutes of nothing', 'early nights', 'gardening'],
    trouble: ['back pain', 'bad sleep', 'tired eyes', 'stiff shoulders', 'a racing mind', 'cold hands'],
  },
  stories: [
    {
      tag: 'Sleep',
      picture: 'bed',
      titles: [
        '{n:40-600} people gave up their alarm clocks for a month',
        'What the night nurses of {place} know about rest',
        'The advice was dull, and it worked',
        'One in five slept as badly as ever. That was a result',
        '{person} warns against giving the night a mark',
        'Somebody rang on Fridays to ask',
      ],
      leads: [
        'On the first morning everyone was late. By the third week {n:40-600} people were waking before the hour they used to be woken at.',
        'Night nurses sleep when they can, and are good at it. We asked those of {place} how it is done.',
      ],
      body: [
        'The advice was dull and it worked: the same hour every day, a cool room, and nothing decided after nine. The participants had all heard it before. What was new was a person who rang on Fridays to ask.',
        'Not everybody improved. About one in five slept as badly as ever, and the doctors count that as a result: for those it was never a habit, and they were sent on to somebody who could look further.',
        '{person} warns against gadgets that give the night a mark. People read the number, she says, and then decide how they feel.',
      ],
    },
    {
      tag: 'Exercise',
      picture: 'pulse',
      titles: [
        '{trouble}? In {place} they begin with your chair',
        '{habit}: what {n:9-26} studies really say',
        'Less than the headlines, more than nothing',
        'Nobody in the group talks about fitness',
        'Blood pressure, grandchildren and a flask: Mondays in {place}',
        'If it is dull, bring a friend',
      ],
      leads: [
        'The first thing {person} does is to sit in your chair. The second is to saw two inches off its legs.',
        'Read together, {n:9-26} studies of {habit} say less than their headlines and more than nothing.',
      ],
      body: [
        'The effect is real and it is small, about as large as that of going to bed a little earlier. It adds up only for those who carry on, and those who carry on are the ones who found somebody to do it with.',
        'Nobody in the group talks about fitness. They talk about grandchildren, parking, and who is bringing the flask. Their blood pressure, measured on the first Monday of the month, has been quietly falling.',
        'If it hurts, stop; if it is dull, bring a friend. The rest, says {person}, can be learned in ten minutes and practised for thirty years. See a doctor when a pain is new, wakes you up or will not leave.',
      ],
    },
    {
      tag: 'Care',
      picture: 'leaves',
      titles: [
        'The district nurse of {place} makes {n:11-24} calls and drinks {n} cups of tea',
        'A second chair beside each bed',
        'They asked patients to write the leaflet',
        'Longer visits, and fewer of them: a surgery in {place} counted',
        '“You will be frightened on the second evening”',
        'The wound heals by itself. The rest is why she comes',
      ],
      leads: [
        'The round begins at seven with a dog that has to be admired. Only then does the district nurse of {place} get to see the leg.',
        'The old leaflet had nine pages and the word “approximately” fourteen times. The new one was written by people who have the thing.',
      ],
      body: [
        'Most of what she does is not on the form. She looks at the fridge, at the stairs, at whether the calendar is on the right month. “The wound heals by itself,” she says. “The rest is why I come.”',
        'It takes longer. The surgery counted, and found that the longer visits are followed by fewer of them. They have put a second chair beside each bed, so that nobody is tempted to stand.',
        'The best sentence in the leaflet was contributed by a man of {k:71-93}: “You will be frightened on the second evening. That is normal, and it is the last bad one.”',
      ],
    },
  ],
  quotes: [
    '“People do not need motivation. They need a hook by the door for the jacket,” said {person2}.',
    '“I prescribe company. The chemist does not stock it.”',
    '“Listen to the end of the sentence. The illness is usually there.”',
  ],
  closings: ['The group in {place} meets on Mondays. There is a flask.', 'The numbers will be looked at again in a year. Until then: bed.'],
  creators: [
    ['Ward 6', 'Twenty years of night shifts.'],
    ['Steady', 'Small habits, measured twice.'],
  ],
}
